import type { Unit } from "@/lib/collector/types.ts";

/** A panel's figures as rows: what the table view shows and the CSV holds. */
export interface PanelTable {
  columns: { label: string; unit?: Unit }[];
  rows: (string | number | Date | boolean | null | undefined)[][];
}

/** RFC 4180; dates as ISO, numbers exact, unknown as empty. Text that a spreadsheet would run is disarmed. */
export function toCsv(table: PanelTable): string {
  const cell = (value: PanelTable["rows"][number][number]): string => {
    if (value === null || value === undefined) return "";
    if (value instanceof Date) return value.toISOString();
    if (typeof value !== "string") return String(value);
    const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
    return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  const header = table.columns.map((column) =>
    cell(column.unit ? `${column.label} (${column.unit})` : column.label),
  );
  return `${[header, ...table.rows.map((row) => row.map(cell))].map((line) => line.join(",")).join("\r\n")}\r\n`;
}
