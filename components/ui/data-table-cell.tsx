"use client";

import { formatExact, formatValue } from "@/lib/client/format.ts";
import type { CellValue, Column } from "./data-table.tsx";
import { cellClass } from "./data-table-body.tsx";
import { Time } from "./time.tsx";

interface DataTableCellProps<Row> {
  column: Column<Row>;
  row: Row;
  /** The cell is the button of its row. */
  opens: boolean;
}

export function DataTableCell<Row>({ column, row, opens }: DataTableCellProps<Row>) {
  const value = column.value(row);
  const exact =
    column.unit && typeof value === "number"
      ? formatExact(value, column.unit)
      : column.grow && typeof value === "string"
        ? value
        : undefined;
  const content = column.cell ? column.cell(row) : drawValue(value, column);
  return (
    <td className={cellClass(column)} title={exact}>
      {opens ? (
        <button type="button" data-open className="block w-full truncate text-left">
          {content}
        </button>
      ) : column.grow ? (
        <div className="truncate">{content}</div>
      ) : (
        content
      )}
    </td>
  );
}

function drawValue<Row>(value: CellValue, column: Column<Row>) {
  if (value === null || value === undefined || value === "") return <span className="text-faint">–</span>;
  if (value instanceof Date) return <Time at={value} />;
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value === "number") return formatValue(value, column.unit ?? "count");
  return value;
}
