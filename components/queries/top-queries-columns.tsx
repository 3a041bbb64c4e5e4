"use client";

import { Sparkline } from "@/components/charts/sparkline.tsx";
import { ConsoleLink } from "@/components/shell/console-link.tsx";
import { cn } from "@/components/ui/cn.ts";
import type { Column } from "@/components/ui/data-table-props.ts";
import { ShareBar } from "@/components/ui/share-bar.tsx";
import { formatExact, formatValue } from "@/lib/client/format.ts";
import type { QueryOrder, TopQuery } from "@/lib/queries/top-query.ts";
import { changeWords } from "./change-words.ts";
import { statementHref } from "./queries-input.ts";
import { queryOrders } from "./query-orders.ts";

/** Always there, before the one that is ranked by. */
const usual: readonly QueryOrder[] = ["totalTime", "mean", "calls", "rows"];

const figureOf: Record<QueryOrder, (query: TopQuery) => number | null | undefined> = {
  totalTime: ({ values }) => values.totalExecMs,
  mean: ({ meanMs }) => meanMs,
  calls: ({ values }) => values.calls,
  rows: ({ values }) => values.rows,
  io: ({ values }) => values.sharedBlksRead,
  temp: ({ values }) => values.tempBlksWritten,
  wal: ({ values }) => values.walBytes,
};

/** What a statement is and who ran it, its share, its trend and change, its figures: the usual ones and the one ranked by. */
export function topQueriesColumns(by: QueryOrder, period: string, target: string): Column<TopQuery>[] {
  const figures = usual.includes(by) ? usual : [by, ...usual.slice(0, 3)];
  return [
    statementColumn(target),
    {
      id: "share",
      header: "Share",
      value: ({ share }) => share,
      cell: ({ share }) => <ShareBar share={share} />,
      title: ({ share }) => `${formatExact(share, "ratio")} of everything counted`,
      sortable: false,
      from: "lg",
    },
    {
      id: "trend",
      header: "Trend",
      value: () => null,
      cell: ({ spark }) => (
        <Sparkline points={spark} label={`${queryOrders[by].name} over the range`} width={88} height={24} />
      ),
      sortable: false,
      from: "lg",
    },
    changeColumn(by, period),
    ...figures.map((figure) => figureColumn(figure, by)),
  ];
}

function statementColumn(target: string): Column<TopQuery> {
  return {
    id: "statement",
    header: "Statement",
    value: ({ text }) => text,
    cell: (query) => (
      <>
        <ConsoleLink
          href={statementHref(target, query.key)}
          className="block truncate rounded-sm font-mono text-xs leading-[18px] outline-offset-0 hover:text-accent"
        >
          {query.text ?? <span className="text-faint italic">text not known (yet)</span>}
        </ConsoleLink>
        <span className="block truncate text-xs text-faint">
          {[query.user, query.database].filter(Boolean).join(" · ") || "user not known"}
          {query.statements > 1 && ` · ${query.statements} statements of this shape`}
          {query.own && " · the console's own"}
        </span>
      </>
    ),
    sortable: false,
    grow: true,
    opensItself: true,
  };
}

function changeColumn(by: QueryOrder, period: string): Column<TopQuery> {
  const change = ({ figure, previousFigure }: TopQuery) =>
    changeWords(figure, previousFigure, queryOrders[by].unit, period);
  return {
    id: "change",
    header: "Change",
    help: `Against the ${period}`,
    value: (query) => change(query).brief,
    cell: (query) => {
      const { direction, brief } = change(query);
      return <span className={cn("text-xs", direction === "up" ? "text-ink" : "text-muted")}>{brief}</span>;
    },
    title: (query) => {
      const { direction, whole } = change(query);
      return query.statements > 1 && direction === "unknown"
        ? "Not compared: the statements of a shape come and go with their partitions."
        : whole;
    },
    sortable: false,
    from: "sm",
  };
}

/** A phone shows the figure ranked by; the others come with the width. */
function figureColumn(figure: QueryOrder, by: QueryOrder): Column<TopQuery> {
  const { header, help, unit } = queryOrders[figure];
  return {
    id: figure,
    header,
    help,
    unit,
    value: figureOf[figure],
    cell: (query) => (
      <span className={figure === by ? "font-medium" : "text-muted"}>
        {formatValue(figureOf[figure](query), unit)}
      </span>
    ),
    title: (query) => formatExact(figureOf[figure](query), unit),
    ...(figure !== by && { from: figure === "totalTime" || figure === "calls" ? "md" : "xl" }),
  };
}
