import type { Point, SeriesHistory } from "@/lib/collector/types.ts";
import type { Standby } from "@/lib/replication/types.ts";

/** The stages a change passes on its way, and the colour of the WAL that waits before each, here as in the chart. */
export const walStages = [
  { id: "sent", waits: "to send", colour: "var(--series-6)" },
  { id: "written", waits: "to write", colour: "var(--series-4)" },
  { id: "flushed", waits: "to flush", colour: "var(--series-3)" },
  { id: "replayed", waits: "to replay", colour: "var(--series-5)" },
] as const;

const lagMetrics = ["sentLagBytes", "writtenLagBytes", "flushedLagBytes", "lagBytes"] as const;

/** WAL that waits just before each stage: parts of what is not replayed, which they add up to; null when not known. */
export function waitingParts(standby: Pick<Standby, (typeof lagMetrics)[number]>): (number | null)[] {
  return partsOf(lagMetrics.map((metric) => standby[metric]));
}

/** A standby's recorded lags as the parts that wait before each stage, one series a stage. */
export function stageParts(history: SeriesHistory): SeriesHistory {
  const columns = lagMetrics.map((metric) => new Map(history.series[metric] ?? []));
  const times = (history.series.lagBytes ?? []).map(([t]) => t);
  const rows = times.map((t) => partsOf(columns.map((column) => column.get(t) ?? null)));
  return {
    ...history,
    series: Object.fromEntries(
      walStages.map(({ id }, index) => [id, times.map((t, at): Point => [t, rows[at]?.[index] ?? null])]),
    ),
    units: Object.fromEntries(walStages.map(({ id }) => [id, "bytes" as const])),
  };
}

/** Positions are read one after the other, so that a later stage may seem a few bytes ahead of an earlier one. */
function partsOf(lags: readonly (number | null)[]): (number | null)[] {
  return lags.map((lag, index) => {
    const before = index === 0 ? 0 : (lags[index - 1] ?? null);
    return lag === null || before === null ? null : Math.max(0, lag - before);
  });
}
