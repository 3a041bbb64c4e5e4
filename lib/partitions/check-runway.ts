import { defineCheck, type LimitsFor, type ObjectState, stateAt } from "../check.ts";
import { runwayThresholds } from "../partition-facts/thresholds.ts";
import { durationInWords, momentInWords } from "../words.ts";
import { boundsAreHidden, type JudgedLane, judgeLanes, laneIsWell, relationObject } from "./judged-lanes.ts";
import type { PartitionLane } from "./types.ts";

const needs = "A table partitioned by time, or by integers that read as time.";

/** Lanes that take no row of the present. */
export const currentPartition = defineCheck({
  id: "partitions.current",
  title: "Partition for the present",
  unit: null,
  path: "partitions",
  runbook:
    "Rows of now are refused, or go to the default partition. Create the partition for the present and the next ones at once, then see why nobody did: the job that makes them, its role, its log. What went to the default partition must be moved before a partition for its stretch can be attached.",
  needs,
  thresholds: null,
  covers: ["partitions.runway"],
  evaluate: (context) => judgeLanes(context, (judged) => judgeCurrent(judged, context.now)),
});

/** How long a lane goes on taking rows, in widths of its own partitions. */
export const runway = defineCheck({
  id: "partitions.runway",
  title: "Partition runway",
  unit: "partitions",
  path: "partitions",
  runbook:
    "When the last partition ends, rows are refused or go to the default partition. Create the next partitions now (CREATE TABLE, then ATTACH PARTITION takes no long lock), and see why the job that makes them is behind.",
  needs,
  thresholds: { ...runwayThresholds.intervals, direction: "falling" },
  evaluate: (context, limitsFor) => judgeLanes(context, (judged) => judgeRunway(judged, limitsFor)),
});

/** Lanes that hold only what is long past are closed chapters; one with an open end never runs out. */
function isOpen(lane: PartitionLane): boolean {
  return !lane.runway || lane.runway.unlimited || lane.runway.retired || lane.runway.seconds === null;
}

function consequence(lane: PartitionLane): string {
  return lane.defaultPartition
    ? "Rows beyond it go to the default partition."
    : "Rows beyond it are refused.";
}

export function judgeCurrent(judged: JudgedLane, now: Date): ObjectState | null {
  const { database, lane, name } = judged;
  if (lane.unknownBounds > 0) return boundsAreHidden(judged, "The present");
  if (!lane.runway) return null;
  if (isOpen(lane) || lane.runway.coversNow)
    return laneIsWell(
      judged,
      `${name} ${lane.runway.retired ? "holds the past only" : "has a partition for the present"}.`,
    );
  const { lastBound } = lane.runway;
  const ended = lastBound !== null && new Date(lastBound) < now;
  return {
    object: relationObject(database, lane),
    state: "critical",
    value: null,
    threshold: null,
    since: ended ? new Date(lastBound) : null,
    words: {
      title: `${name} has no partition for the present.`,
      detail: `${lastBound ? `Its last partition ends on ${momentInWords(lastBound)} UTC.` : "It has no partition at all."} ${consequence(lane)} Create the next partitions now.`,
    },
  };
}

export function judgeRunway(judged: JudgedLane, limitsFor: LimitsFor): ObjectState | null {
  const { database, lane, name } = judged;
  if (lane.unknownBounds > 0) return boundsAreHidden(judged, "The runway");
  if (!lane.runway) return null;
  const { seconds, until, coversNow } = lane.runway;
  const intervals = coversNow ? lane.runway.intervals : 0;
  if (isOpen(lane) || seconds === null || intervals === null)
    return laneIsWell(judged, `The partitions of ${name} have no end to run into.`);
  const object = relationObject(database, lane);
  const threshold = limitsFor(object);
  const { unit } = lane.interval ?? { unit: "custom" };
  const width = unit === "custom" ? "partition width" : unit;
  return {
    object,
    state: stateAt(intervals, threshold, "falling"),
    value: intervals,
    threshold,
    since: null,
    words: {
      title: `${name} has partitions for another ${durationInWords(seconds)} (${intervals.toFixed(1)} ${width}s).`,
      detail: `They end ${until ? `on ${momentInWords(until)} UTC` : "then"}. ${consequence(lane)} Create the next partitions.`,
    },
  };
}
