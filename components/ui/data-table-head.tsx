"use client";

import type { Header } from "@tanstack/react-table";
import { ArrowDown, ArrowUp } from "lucide-react";
import { cn } from "./cn.ts";
import { alignsRight, cellClass } from "./data-table-layout.ts";
import type { Column } from "./data-table-props.ts";
import type { features } from "./table-model.ts";

interface DataTableHeadProps<Row extends object> {
  header: Header<typeof features, Row>;
  column: Column<Row>;
}

/** A column's name; where it can be sorted by, the button that does. */
export function DataTableHead<Row extends object>({ header, column }: DataTableHeadProps<Row>) {
  const sorted = header.column.getIsSorted();
  const Arrow = sorted === "asc" ? ArrowUp : ArrowDown;
  const arrow = sorted && <Arrow aria-hidden className="size-3.5" />;
  // Before the name of a figure, so that the name stays above the figures' last digits.
  const right = alignsRight(column);
  return (
    <th
      scope="col"
      title={header.column.getCanSort() ? undefined : column.help}
      aria-sort={sorted === "asc" ? "ascending" : sorted === "desc" ? "descending" : undefined}
      className={cn(cellClass(column), "font-medium shadow-[inset_0_-1px_0_var(--hairline)]")}
      style={column.width ? { minWidth: column.width } : undefined}
    >
      {header.column.getCanSort() ? (
        <button
          type="button"
          title={column.help}
          onClick={header.column.getToggleSortingHandler()}
          className={cn(
            "inline-flex items-center gap-1 rounded-sm",
            sorted ? "text-ink" : "text-muted hover:text-ink",
          )}
        >
          {right && arrow}
          {column.header}
          {!right && arrow}
        </button>
      ) : (
        <span className={column.silentHeader ? "sr-only" : "text-muted"}>{column.header}</span>
      )}
    </th>
  );
}
