"use client";

import { Sparkline } from "@/components/charts/sparkline.tsx";
import { ConsoleLink } from "@/components/shell/console-link.tsx";
import { cn } from "@/components/ui/cn.ts";
import { formatExact, formatRatio, formatValue } from "@/lib/client/format.ts";
import { useTarget } from "@/lib/client/use-target.ts";
import type { QueryOrder, TopQuery } from "@/lib/queries/top-query.ts";
import { changeWords } from "./change-words.ts";
import { statementHref } from "./queries-input.ts";
import { queryOrders } from "./query-orders.ts";
import { figureClass } from "./top-queries-table.tsx";

interface RowProps {
  query: TopQuery;
  by: QueryOrder;
  columns: readonly QueryOrder[];
  period: string;
}

const figureOf: Record<QueryOrder, (query: TopQuery) => number | null | undefined> = {
  totalTime: ({ values }) => values.totalExecMs,
  mean: ({ meanMs }) => meanMs,
  calls: ({ values }) => values.calls,
  rows: ({ values }) => values.rows,
  io: ({ values }) => values.sharedBlksRead,
  temp: ({ values }) => values.tempBlksWritten,
  wal: ({ values }) => values.walBytes,
};

/** One statement: what it is and who ran it, its share, its trend, its figures. */
export function TopQueryRow({ query, by, columns, period }: RowProps) {
  const target = useTarget();
  const { unit, name } = queryOrders[by];
  const change = changeWords(query.figure, query.previousFigure, unit, period);
  return (
    <tr
      data-key={query.key}
      className="h-13 cursor-pointer border-b border-hairline last:border-b-0 focus-within:bg-hover hover:bg-hover"
    >
      <td className="relative w-full max-w-0 px-3 py-1.5 pl-4">
        <ConsoleLink
          href={statementHref(target, query.key)}
          className="block truncate rounded-sm font-mono text-xs leading-[18px] outline-offset-0 hover:text-accent"
          title={query.text ?? undefined}
        >
          {query.text ?? <span className="text-faint italic">text not known (yet)</span>}
        </ConsoleLink>
        <span className="block truncate text-xs text-faint">
          {[query.user, query.database].filter(Boolean).join(" · ") || "user not known"}
          {query.statements > 1 && ` · ${query.statements} statements of this shape`}
          {query.own && " · the console's own"}
        </span>
      </td>
      <td
        className="hidden px-3 lg:table-cell"
        title={`${formatExact(query.share, "ratio")} of everything counted`}
      >
        <span className="flex w-32 items-center gap-2">
          <span aria-hidden className="h-1.5 grow overflow-hidden rounded-full bg-inset">
            <span
              className="block h-full rounded-full bg-accent"
              style={{ width: `${Math.min(1, query.share ?? 0) * 100}%` }}
            />
          </span>
          <span className="w-14 text-right text-xs whitespace-nowrap text-muted">
            {formatRatio(query.share)}
          </span>
        </span>
      </td>
      <td className="hidden px-3 lg:table-cell">
        <Sparkline points={query.spark} label={`${name} over the range`} width={88} height={24} />
      </td>
      <td
        className="hidden px-3 text-xs whitespace-nowrap text-muted sm:table-cell"
        title={
          query.statements > 1 && change.direction === "unknown"
            ? "Not compared: the statements of a shape come and go with their partitions."
            : change.whole
        }
      >
        <span className={cn(change.direction === "up" && "text-ink")}>{change.brief}</span>
      </td>
      {columns.map((column) => {
        const value = figureOf[column](query);
        return (
          <td
            key={column}
            title={formatExact(value, queryOrders[column].unit)}
            className={cn(
              "px-3 text-right whitespace-nowrap last:pr-4",
              figureClass(column, by),
              column === by ? "font-medium" : "text-muted",
            )}
          >
            {formatValue(value, queryOrders[column].unit)}
          </td>
        );
      })}
    </tr>
  );
}
