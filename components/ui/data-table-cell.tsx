"use client";

import { ChevronRight } from "lucide-react";
import type { ReactNode } from "react";
import { formatExact, formatValue } from "@/lib/client/format.ts";
import { cn } from "./cn.ts";
import { cellClass } from "./data-table-layout.ts";
import type { CellValue, Column } from "./data-table-props.ts";
import type { ShownRow } from "./table-model.ts";
import { Time } from "./time.tsx";

interface DataTableCellProps<Row extends object> {
  column: Column<Row>;
  row: ShownRow<Row>;
  /** What a row's first cell does: opens it, or unfolds the rows below it. */
  lead: "opens" | "unfolds" | null;
}

export function DataTableCell<Row extends object>({ column, row, lead }: DataTableCellProps<Row>) {
  const value = column.value(row.original);
  const content = column.cell ? column.cell(row.original) : drawValue(value, column);
  return (
    <td
      className={cellClass(column)}
      title={column.title ? column.title(row.original) : exactValue(value, column)}
    >
      {lead === "opens" ? (
        <button type="button" data-open className="block w-full truncate text-left">
          {content}
        </button>
      ) : lead === "unfolds" ? (
        <Unfolding row={row}>{content}</Unfolding>
      ) : column.grow && !column.opensItself ? (
        <div className="truncate">{content}</div>
      ) : (
        content
      )}
    </td>
  );
}

/** The button of a row with rows below it; these stand under its words. */
function Unfolding<Row extends object>({ row, children }: { row: ShownRow<Row>; children: ReactNode }) {
  if (!row.getCanExpand()) return <div className={cn("truncate", row.depth > 0 && "pl-5.5")}>{children}</div>;
  return (
    <button
      type="button"
      aria-expanded={row.getIsExpanded()}
      onClick={row.getToggleExpandedHandler()}
      className="flex w-full items-center gap-1.5 text-left"
    >
      <ChevronRight
        aria-hidden
        className={cn(
          "size-4 shrink-0 text-faint transition-transform motion-reduce:transition-none",
          row.getIsExpanded() && "rotate-90",
        )}
      />
      {children}
    </button>
  );
}

function exactValue<Row>(value: CellValue, column: Column<Row>): string | undefined {
  if (column.unit && typeof value === "number") return formatExact(value, column.unit);
  return column.grow && typeof value === "string" ? value : undefined;
}

function drawValue<Row>(value: CellValue, column: Column<Row>) {
  if (value === null || value === undefined || value === "") return <span className="text-faint">–</span>;
  if (value instanceof Date) return <Time at={value} />;
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value === "number") return formatValue(value, column.unit ?? "count");
  return value;
}
