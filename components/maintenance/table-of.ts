import type { CellValue, Column } from "@/components/ui/data-table-props.ts";

/** A panel's table view and CSV: every column of its list. */
export function tableOf<Row>(columns: readonly Column<Row>[], rows: readonly Row[]) {
  return {
    columns: columns.map(({ header, unit }) => ({ label: header, ...(unit && { unit }) })),
    rows: rows.map((row) => columns.map(({ value }): CellValue => value(row))),
  };
}
