import type { Point } from "../collector/types.ts";
import type { StatementMetric } from "./statement-columns.ts";

export const queryOrders = ["totalTime", "mean", "calls", "rows", "io", "temp", "wal"] as const;
export type QueryOrder = (typeof queryOrders)[number];

/** The recorded metric behind an order; the mean is ranked among the statements that cost most time. */
export const orderMetric: Record<QueryOrder, StatementMetric> = {
  totalTime: "totalExecMs",
  mean: "totalExecMs",
  calls: "calls",
  rows: "rows",
  io: "sharedBlksRead",
  temp: "tempBlksWritten",
  wal: "walBytes",
};

export type QueryFigures = Partial<Record<StatementMetric, number | null>>;

export interface TopQuery {
  /** dbid/userid/queryid/toplevel; of a shape, the member that cost most. */
  key: string;
  /** Members of a shape, or 1. */
  statements: number;
  /** One line; null when the text is not known (yet, or any more). */
  text: string | null;
  user: string | null;
  database: string | null;
  own: boolean;
  /** Growth over the window (or since `countsSince`, see `basis`). */
  values: QueryFigures;
  meanMs: number | null;
  /** Share of everything counted in the same time, 0–1, of the metric ordered by (of time for the mean). */
  share: number | null;
  /** The figure ordered by, now and in the window before; null where that was not collected. */
  figure: number | null;
  previousFigure: number | null;
  /** Rate per second of the metric ordered by. */
  spark: Point[];
}

/** The figures that follow from the counters. */
export function judge(
  values: QueryFigures,
  previous: QueryFigures | null,
  orderBy: QueryOrder,
  totals: QueryFigures,
): Pick<TopQuery, "meanMs" | "share" | "figure" | "previousFigure"> {
  const figure = (from: QueryFigures) =>
    orderBy === "mean" ? mean(from) : (from[orderMetric[orderBy]] ?? null);
  const metric = orderMetric[orderBy];
  const total = totals[metric] ?? 0;
  return {
    meanMs: mean(values),
    share: total > 0 ? (values[metric] ?? 0) / total : null,
    figure: figure(values),
    previousFigure: previous && figure(previous),
  };
}

function mean({ calls, totalExecMs }: QueryFigures): number | null {
  return calls && typeof totalExecMs === "number" ? totalExecMs / calls : null;
}

export function addUp(all: readonly QueryFigures[]): QueryFigures {
  const sum: QueryFigures = {};
  for (const figures of all) {
    for (const [name, value] of Object.entries(figures) as [StatementMetric, number | null][]) {
      if (value !== null) sum[name] = (sum[name] ?? 0) + value;
    }
  }
  return sum;
}
