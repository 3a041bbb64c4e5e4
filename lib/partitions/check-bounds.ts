import { defineCheck, type ObjectState } from "../check.ts";
import { hasClock } from "../partition-facts/lane-axis.ts";
import {
  boundsAreHidden,
  cannotBeJudged,
  type JudgedLane,
  judgeLanes,
  laneIsWell,
  relationObject,
} from "./judged-lanes.ts";
import { fillGap } from "./mend-lane.ts";

const needs = "A table partitioned by ranges.";

/** Stretches that no partition covers. */
export const gap = defineCheck({
  id: "partitions.gap",
  source: "pg_inherits, pg_get_expr(relpartbound)",
  why: "A catalogue's fact: it is so or not.",
  title: "Gap between partitions",
  unit: null,
  path: "partitions",
  runbook:
    "Rows of that stretch are refused, or land in the default partition. One that lies ahead will be hit on its day: create the missing partition now. One in the past matters where late events arrive.",
  needs,
  thresholds: null,
  evaluate: (context) =>
    judgeLanes(context, (judged) => judgeGaps(judged, context.now), { tellsFailures: true }),
});

/** Stretches that two partitions claim, which PostgreSQL itself forbids: seen by value across forms of writing. */
export const overlap = defineCheck({
  id: "partitions.overlap",
  source: "pg_inherits, pg_get_expr(relpartbound)",
  why: "A catalogue's fact: it is so or not.",
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
  if (lane.gapsUnjudged !== null) return cannotBeJudged(judged, "Gaps", lane.gapsUnjudged);
  if (lane.unknownBounds > 0) return boundsAreHidden(judged, "Gaps");
  if (lane.gaps.length === 0) return laneIsWell(judged, `${name} has no gap.`);
  return lane.gaps.map((span): ObjectState => {
    // Numbers and texts have no now: nothing says that the stretch lies ahead.
    const ahead = hasClock(lane.axis) && !(span.to !== null && new Date(span.to) <= now);
    const [before, after] = span.between;
    const mends = fillGap(lane, span);
    return {
      object: relationObject(database, lane, span.id),
      state: ahead ? "critical" : "warning",
      value: null,
      threshold: null,
      since: null,
      words: {
        title: `${name}${span.path && ` (${span.path})`} has no partition from ${span.words}.`,
        detail: `Rows of that stretch ${
          span.caughtBy ? `go to the default partition ${span.caughtBy}` : "are refused"
        }. It lies between ${before} and ${after}; create the missing partition.`,
        ...(mends && { mends }),
      },
    };
  });
}

export function judgeOverlaps(judged: JudgedLane): ObjectState | ObjectState[] {
  const { database, lane, name } = judged;
  if (lane.gapsUnjudged !== null) return cannotBeJudged(judged, "Overlaps", lane.gapsUnjudged);
  if (lane.unknownBounds > 0) return boundsAreHidden(judged, "Overlaps");
  if (lane.overlaps.length === 0) return laneIsWell(judged, `No partitions of ${name} overlap.`);
  return lane.overlaps.map(
    (span): ObjectState => ({
      // Several may begin where one does.
      object: relationObject(database, lane, `${span.id} ${span.between.join(" ")}`),
      state: "critical",
      value: null,
      threshold: null,
      since: null,
      words: {
        title: `${span.between.join(" and ")} of ${name} overlap from ${span.words}.`,
        detail: "Two partitions claim the same stretch; detach one, move its rows and drop it.",
      },
    }),
  );
}
