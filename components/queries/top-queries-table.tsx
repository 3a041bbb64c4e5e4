"use client";

import { useRouter } from "next/navigation";
import { useMemo } from "react";
import { DataTable } from "@/components/ui/data-table.tsx";
import { EmptyState } from "@/components/ui/empty-state.tsx";
import { periodBefore } from "@/lib/client/ranges.ts";
import { useKeptHref, useTimeRange } from "@/lib/client/url-state.ts";
import { useTarget } from "@/lib/client/use-target.ts";
import type { TopQueries } from "@/lib/queries/get-top-queries.ts";
import { firstLimit, type QueryChoice, statementHref } from "./queries-input.ts";
import { queryOrderNames } from "./query-orders.ts";
import { topQueriesColumns } from "./top-queries-columns.tsx";

interface TableProps {
  data: TopQueries;
  choice: QueryChoice;
  onChange: (change: Partial<QueryChoice>) => void;
}

/** Two lines: the statement, and who ran it. */
const rowHeight = 46;

/** The statements in the server's order; a figure's header asks for another. */
export function TopQueriesTable({ data, choice, onChange }: TableProps) {
  const period = periodBefore(useTimeRange());
  const target = useTarget();
  const router = useRouter();
  const keep = useKeptHref();
  const columns = useMemo(() => topQueriesColumns(choice.by, period, target), [choice.by, period, target]);
  const sort = useMemo(() => ({ id: choice.by, desc: choice.dir === "desc" }), [choice.by, choice.dir]);
  if (data.queries.length === 0)
    return (
      <div className="h-80">
        <EmptyState
          title={choice.search ? `No statement matches “${choice.search}”` : "No statement ran in this range"}
        >
          {choice.search && <p>Searched: the statements' text, their users and databases.</p>}
        </EmptyState>
      </div>
    );
  return (
    <DataTable
      id="top-queries"
      label="Top statements"
      rows={data.queries}
      columns={columns}
      rowKey={(query) => query.key}
      askedSort={{
        sort,
        onSort: ({ id, desc }) => {
          const by = queryOrderNames.find((name) => name === id);
          if (by) onChange({ by, dir: desc ? "desc" : "asc", limit: firstLimit });
        },
      }}
      onRowClick={(query) => router.push(keep(statementHref(target, query.key)))}
      rowHeight={rowHeight}
      maxHeight={Number.POSITIVE_INFINITY}
      toolbar={false}
    />
  );
}
