import { defineCheck, type ObjectState } from "../check.ts";
import {
  boundsAreHidden,
  type JudgedLane,
  judgeLanes,
  laneIsWell,
  relationObject,
  spanInWords,
} from "./judged-lanes.ts";

const needs = "A table partitioned by ranges.";

/** Stretches that no partition covers. */
export const gap = defineCheck({
  id: "partitions.gap",
  title: "Gap between partitions",
  unit: null,
  path: "partitions",
  runbook:
    "Rows of that stretch are refused, or land in the default partition. One that lies ahead will be hit on its day: create the missing partition now. One in the past matters where late events arrive.",
  needs,
  thresholds: null,
  evaluate: (context) => judgeLanes(context, (judged) => judgeGaps(judged, context.now)),
});

/** Stretches that two partitions claim, which PostgreSQL itself forbids: seen by value across forms of writing. */
export const overlap = defineCheck({
  id: "partitions.overlap",
  title: "Overlapping partitions",
  unit: null,
  path: "partitions",
  runbook:
    "Two partitions claim the same stretch, so a row may stand in either and retention by dropping partitions misses some. Detach one, move its rows and drop it.",
  needs,
  thresholds: null,
  evaluate: (context) => judgeLanes(context, judgeOverlaps),
});

export function judgeGaps(judged: JudgedLane, now: Date): ObjectState | ObjectState[] {
  const { database, lane, name } = judged;
  if (lane.unknownBounds > 0) return boundsAreHidden(judged, "Gaps");
  if (lane.gaps.length === 0) return laneIsWell(judged, `${name} has no gap.`);
  return lane.gaps.map((span): ObjectState => {
    const ahead = !(new Date(span.to) <= now);
    return {
      object: relationObject(database, lane, span.from),
      state: ahead ? "critical" : "warning",
      value: null,
      threshold: null,
      since: null,
      words: {
        title: `${name} has no partition from ${spanInWords(span)}.`,
        detail: `Rows of that stretch are ${
          lane.defaultPartition ? "kept in the default partition" : "refused"
        }. It lies between ${span.between[0]} and ${span.between[1]}; create the missing partition.`,
      },
    };
  });
}

export function judgeOverlaps(judged: JudgedLane): ObjectState | ObjectState[] {
  const { database, lane, name } = judged;
  if (lane.unknownBounds > 0) return boundsAreHidden(judged, "Overlaps");
  if (lane.overlaps.length === 0) return laneIsWell(judged, `No partitions of ${name} overlap.`);
  return lane.overlaps.map(
    (span): ObjectState => ({
      // Several may begin where one does.
      object: relationObject(database, lane, `${span.from} ${span.between.join(" ")}`),
      state: "critical",
      value: null,
      threshold: null,
      since: null,
      words: {
        title: `${span.between.join(" and ")} of ${name} overlap from ${spanInWords(span)}.`,
        detail: "Two partitions claim the same stretch; detach one, move its rows and drop it.",
      },
    }),
  );
}
