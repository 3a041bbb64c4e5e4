import type { FigureTable } from "@/lib/client/csv.ts";
import type { TopQueries } from "@/lib/queries/get-top-queries.ts";

/** The list as plain figures, for the table view and the CSV. */
export function topQueriesFigures({ queries }: TopQueries): FigureTable {
  return {
    columns: [
      { label: "statement" },
      { label: "user" },
      { label: "database" },
      { label: "share", unit: "ratio" },
      { label: "time", unit: "ms" },
      { label: "mean", unit: "ms" },
      { label: "calls", unit: "count" },
      { label: "rows", unit: "count" },
      { label: "blocks read", unit: "count" },
      { label: "temp blocks written", unit: "count" },
      { label: "WAL", unit: "bytes" },
      { label: "key" },
    ],
    rows: queries.map(({ text, user, database, share, meanMs, values, key }) => [
      text,
      user,
      database,
      share,
      values.totalExecMs,
      meanMs,
      values.calls,
      values.rows,
      values.sharedBlksRead,
      values.tempBlksWritten,
      values.walBytes,
      key,
    ]),
  };
}
