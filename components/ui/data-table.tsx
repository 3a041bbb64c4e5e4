"use client";

/**
 * A sortable, filterable table; sort and filter stand in the URL (`<id>-sort=calls.desc`, `<id>-q=…`).
 *
 *     const columns: Column<Statement>[] = [
 *       { id: "query", header: "Statement", value: (s) => s.query, cell: (s) => <code>{s.query}</code>, grow: true },
 *       { id: "calls", header: "Calls", value: (s) => s.calls, unit: "count" },
 *       { id: "mean", header: "Mean", value: (s) => s.meanMs, unit: "ms", from: "sm" },
 *     ];
 *     <DataTable id="statements" label="Statements" rows={rows} columns={columns} rowKey={(s) => s.key}
 *       defaultSort={{ id: "calls", desc: true }} onRowClick={(s) => open(s)} />
 *
 * Columns with a `unit` are right-aligned and humanised, the exact value on hover. `from` leaves a column out in
 * narrower windows; the rest scrolls sideways. Past 200 rows only what is seen is drawn. Rows are reached with Tab, ↑
 * and ↓, opened with Enter. `askedSort` is for rows that the server ranks, `tree` for rows that open to rows below
 * them. `defaultSort` must be stable (a constant). Keep `columns` stable.
 */
import dynamic from "next/dynamic";
import type { ReactNode } from "react";
import { loadCode } from "@/lib/client/load-code.ts";
import { headHeight, usualMaxHeight, usualRowHeight } from "./data-table-layout.ts";
import type { DataTableProps } from "./data-table-props.ts";
import { Skeleton } from "./skeleton.tsx";

const toolbarHeight = 40;
/** A filter may leave few: no more room than this many rows is kept for those it hides. */
const mostKept = 12;

const Body = dynamic(
  () => loadCode(() => import("./data-table-body.tsx")).then((module) => module.DataTableBody),
  {
    ssr: false,
    loading: () => <Skeleton className="h-full" />,
  },
) as unknown as <Row extends object>(props: DataTableProps<Row>) => ReactNode;

export function DataTable<Row extends object>(props: DataTableProps<Row>) {
  const { rows, rowKey, tree, toolbar, rowHeight = usualRowHeight, maxHeight = usualMaxHeight } = props;
  const bar = toolbar === false ? 0 : toolbarHeight;
  const opened = rows.reduce(
    (all, row) => all + (tree?.open.includes(rowKey(row)) ? (tree.below(row)?.length ?? 0) : 0),
    rows.length,
  );
  const kept = Math.max(1, toolbar === false ? opened : Math.min(opened, mostKept));
  return (
    <div
      style={{ minHeight: Math.min(maxHeight, headHeight + kept * rowHeight) + bar }}
      className="grid min-w-0"
    >
      <Body {...props} />
    </div>
  );
}
