"use client";

import { ArrowDown, ArrowUp } from "lucide-react";
import { useRouter } from "next/navigation";
import { cn } from "@/components/ui/cn.ts";
import { EmptyState } from "@/components/ui/empty-state.tsx";
import { useRowKeys } from "@/components/ui/use-row-keys.ts";
import { useKeptHref, useTimeRange } from "@/lib/client/url-state.ts";
import { useTarget } from "@/lib/client/use-target.ts";
import type { TopQueries } from "@/lib/queries/get-top-queries.ts";
import type { QueryOrder } from "@/lib/queries/top-query.ts";
import { periodBefore } from "./change-words.ts";
import { firstLimit, type QueryChoice, statementHref } from "./queries-input.ts";
import { queryOrders } from "./query-orders.ts";
import { TopQueryRow } from "./top-query-row.tsx";

interface TableProps {
  data: TopQueries;
  choice: QueryChoice;
  onChange: (change: Partial<QueryChoice>) => void;
}

/** Always there, before the one that is ranked by. */
const usual: readonly QueryOrder[] = ["totalTime", "mean", "calls", "rows"];

/** Which figures have a column: the usual ones, and the one ranked by. */
export function figureColumns(by: QueryOrder): QueryOrder[] {
  return usual.includes(by) ? [...usual] : [by, ...usual.slice(0, 3)];
}

/** A phone shows the figure ranked by; the others come with the width. */
export function figureClass(column: QueryOrder, by: QueryOrder): string {
  if (column === by) return "";
  return column === "totalTime" || column === "calls" ? "hidden md:table-cell" : "hidden xl:table-cell";
}

export function TopQueriesTable({ data, choice, onChange }: TableProps) {
  const period = periodBefore(useTimeRange());
  const target = useTarget();
  const router = useRouter();
  const keep = useKeptHref();
  const body = useRowKeys(
    (key) => data.queries.find((query) => query.key === key),
    (query) => router.push(keep(statementHref(target, query.key))),
  );
  const columns = figureColumns(choice.by);
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
  const head = "px-3 font-medium text-muted shadow-[inset_0_-1px_0_var(--hairline)]";
  return (
    <section aria-label="Top statements" className="min-w-0 overflow-x-auto">
      <table className="w-full border-collapse text-sm">
        <thead className="bg-panel">
          <tr className="h-8.5">
            <th scope="col" className={cn(head, "w-full max-w-0 pl-4 text-left")}>
              Statement
            </th>
            <th scope="col" className={cn(head, "hidden text-left lg:table-cell")}>
              Share
            </th>
            <th scope="col" className={cn(head, "hidden text-left lg:table-cell")}>
              Trend
            </th>
            <th
              scope="col"
              title={`Against ${period}`}
              className={cn(head, "hidden text-left sm:table-cell")}
            >
              Change
            </th>
            {columns.map((column) => (
              <th
                key={column}
                scope="col"
                aria-sort={
                  column === choice.by ? (choice.dir === "desc" ? "descending" : "ascending") : undefined
                }
                className={cn(head, "text-right whitespace-nowrap last:pr-4", figureClass(column, choice.by))}
              >
                <button
                  type="button"
                  title={queryOrders[column].help}
                  onClick={() =>
                    onChange({
                      by: column,
                      dir: column === choice.by && choice.dir === "desc" ? "asc" : "desc",
                      limit: firstLimit,
                    })
                  }
                  className={cn(
                    "inline-flex items-center gap-1 rounded-sm",
                    column === choice.by ? "text-ink" : "hover:text-ink",
                  )}
                >
                  {column === choice.by &&
                    (choice.dir === "desc" ? (
                      <ArrowDown aria-hidden className="size-3.5" />
                    ) : (
                      <ArrowUp aria-hidden className="size-3.5" />
                    ))}
                  {queryOrders[column].header}
                </button>
              </th>
            ))}
          </tr>
        </thead>
        <tbody ref={body}>
          {data.queries.map((query) => (
            <TopQueryRow key={query.key} query={query} by={choice.by} columns={columns} period={period} />
          ))}
        </tbody>
      </table>
    </section>
  );
}
