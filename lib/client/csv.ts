import type { Unit } from "../collector/types.ts";
import { beginsFormula } from "../spreadsheet-formula.ts";

/** Figures as rows: what a table view shows and a CSV holds. */
export interface FigureTable {
  columns: { label: string; unit?: Unit }[];
  rows: (string | number | Date | boolean | null | undefined)[][];
}

/** RFC 4180; dates as ISO, numbers exact, unknown as empty. Text that a spreadsheet would run is disarmed. */
export function toCsv(table: FigureTable): string {
  const cell = (value: FigureTable["rows"][number][number]): string => {
    if (value === null || value === undefined) return "";
    if (value instanceof Date) return value.toISOString();
    if (typeof value !== "string") return String(value);
    const text = beginsFormula(value) ? `'${value}` : value;
    return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  const header = table.columns.map((column) =>
    cell(column.unit ? `${column.label} (${column.unit})` : column.label),
  );
  return `${[header, ...table.rows.map((row) => row.map(cell))].map((line) => line.join(",")).join("\r\n")}\r\n`;
}
