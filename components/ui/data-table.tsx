"use client";

/**
 * A sortable, filterable table; sort and filter stand in the URL (`<id>-sort=calls.desc`, `<id>-q=…`).
 *
 *     const columns: Column<Statement>[] = [
 *       { id: "query", header: "Statement", value: (s) => s.query, cell: (s) => <code>{s.query}</code>, grow: true },
 *       { id: "calls", header: "Calls", value: (s) => s.calls, unit: "count" },
 *       { id: "mean", header: "Mean", value: (s) => s.meanMs, unit: "ms", priority: 2 },
 *     ];
 *     <DataTable id="statements" label="Statements" rows={rows} columns={columns} rowKey={(s) => s.key}
 *       defaultSort={{ id: "calls", desc: true }} onRowClick={(s) => open(s)} />
 *
 * Columns with a `unit` are right-aligned and humanised, the exact value on hover. `priority` 2 leaves a column out
 * below 640 px, 3 below 1,024 px; the rest scrolls sideways. Past 200 rows only what is seen is drawn. Rows are
 * reached with Tab, ↑ and ↓, opened with Enter. `defaultSort` must be stable (a constant). Keep `columns` stable.
 */
import dynamic from "next/dynamic";
import type { ReactNode } from "react";
import type { Unit } from "@/lib/collector/types.ts";
import { Skeleton } from "./skeleton.tsx";

export type CellValue = string | number | boolean | Date | null | undefined;

export interface Column<Row> {
  id: string;
  header: string;
  /** What is sorted, filtered and written to the CSV. */
  value: (row: Row) => CellValue;
  /** How it is drawn; the value itself when left out. */
  cell?: (row: Row) => ReactNode;
  unit?: Unit;
  /** Hover of the header: what the figure is. */
  help?: string;
  align?: "left" | "right";
  priority?: 1 | 2 | 3;
  /** Hidden until somebody turns it on. */
  hidden?: boolean;
  /** Takes the room that is left; its text is cut off. */
  grow?: boolean;
  /** Pixels. */
  width?: number;
}

export interface DataTableProps<Row> {
  /** Prefix of its URL parameters and name of its CSV. */
  id: string;
  /** What the rows are, in the plural: "Statements". */
  label: string;
  rows: readonly Row[];
  columns: readonly Column<Row>[];
  rowKey: (row: Row) => string;
  defaultSort?: { id: string; desc: boolean };
  /** Makes rows clickable; the first column becomes the button of its row. */
  onRowClick?: (row: Row) => void;
  /** The row whose sheet is open. */
  selectedKey?: string | null;
  /** Pixels before the table scrolls; default 560. */
  maxHeight?: number;
  /** Words when there are no rows at all. */
  empty?: string;
  /** false leaves out filter, column choice and CSV. */
  toolbar?: boolean;
  /** Beside the filter. */
  actions?: ReactNode;
}

export const rowHeight = 34;
export const headHeight = 34;

const Body = dynamic(() => import("./data-table-body.tsx").then((module) => module.DataTableBody), {
  ssr: false,
  loading: () => <Skeleton className="h-full" />,
}) as unknown as <Row extends object>(props: DataTableProps<Row>) => ReactNode;

export function DataTable<Row extends object>(props: DataTableProps<Row>) {
  const bar = props.toolbar === false ? 0 : 40;
  const minHeight = Math.min(
    (props.maxHeight ?? 560) + bar,
    headHeight + Math.max(1, Math.min(props.rows.length, 12)) * rowHeight + bar,
  );
  return (
    <div style={{ minHeight }} className="grid min-w-0">
      <Body {...props} />
    </div>
  );
}
