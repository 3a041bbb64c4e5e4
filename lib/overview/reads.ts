import { z } from "zod";
import { defineRead, rangeInput, resolveRange } from "../read.ts";
import { getOverview } from "./get-overview.ts";
import { getSeriesHistory } from "./get-series-history.ts";
import { getTimeline } from "./get-timeline.ts";

const range = rangeInput;

export const overviewReads = {
  /** The state of the target in words, its findings worst first, and its key figures with their trends. */
  overview: defineRead({
    role: "viewer",
    input: z.strictObject({ range: range.default({ range: "1h" }) }),
    run: (context, input) => {
      const { target } = context.audit;
      const key = JSON.stringify([target, input.range]);
      return context.share(key, () => getOverview(context, input.range));
    },
  }),
  /** Outages, restarts, changed settings and reset statistics in a range. */
  timeline: defineRead({
    role: "viewer",
    input: z.strictObject({ range }),
    run: ({ audit, history, now }, input) => getTimeline(audit, history, resolveRange(input.range, now), now),
  }),
  /** Collected series over time, by name. */
  seriesHistory: defineRead({
    role: "viewer",
    input: z.strictObject({
      series: z
        .array(z.string().regex(/^[a-zA-Z][\w.]{0,99}$/, "is not a series name"))
        .min(1)
        .max(20),
      range,
      points: z.number().int().min(2).max(1_000).default(300),
    }),
    run: ({ audit, history, now }, input) =>
      getSeriesHistory(audit, history, input.series, resolveRange(input.range, now), input.points, now),
  }),
};
