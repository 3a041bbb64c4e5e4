import { defineCheck, type LimitsFor, type ObjectState } from "../check.ts";
import { runwayThresholds } from "../partition-facts/thresholds.ts";
import { counted, durationInWords } from "../words.ts";
import {
  boundsAreHidden,
  cannotBeJudged,
  type JudgedLane,
  judgeLanes,
  laneIsWell,
  relationObject,
} from "./judged-lanes.ts";
import { createNext } from "./mend-lane.ts";
import { daysLeft, runwayLimits, runwayState } from "./runway-state.ts";
import type { PartitionLane } from "./types.ts";

const { days, widths } = runwayThresholds;

const needs = "A table partitioned by time, or by integers that read as time.";

/** Lanes that take no row of the present. */
export const currentPartition = defineCheck({
  id: "partitions.current",
  source: "pg_inherits, pg_get_expr(relpartbound)",
  why: "Rows are refused or go astray now: critical at once.",
  cause: "partitions.ahead",
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

/** How long a lane goes on taking rows. */
export const runway = defineCheck({
  id: "partitions.runway",
  source: "pg_inherits, pg_get_expr(relpartbound)",
  why: "45 days leave time for two monthly jobs that fail, 14 for one person's holiday; a table with short partitions is judged by their number instead.",
  cause: "partitions.ahead",
  title: "Partition runway",
  unit: "days",
  path: "partitions",
  runbook: `When the last partition ends, rows are refused or go to the default partition. It is judged where rows end up: along every path through lists, hashes and ranges to the partitions that hold rows. Our own limits ask for at most ${widths.warning} partitions ahead (critical: ${widths.critical}), so a daily table is well with ${widths.warning} days and a yearly one with ${days.warning}; limits that you set are taken as they are. Create the next partitions now (CREATE TABLE, then ATTACH PARTITION takes no long lock), and see why the job that makes them is behind.`,
  needs,
  thresholds: { ...days, direction: "falling" },
  evaluate: (context, limitsFor) => judgeLanes(context, (judged) => judgeRunway(judged, limitsFor)),
});

function consequence({ runway }: PartitionLane): string {
  return runway?.caughtBy
    ? `Rows beyond it go to the default partition ${runway.caughtBy}.`
    : "Rows beyond it are refused.";
}

export function judgeCurrent(judged: JudgedLane, now: Date): ObjectState | null {
  const { database, lane, name } = judged;
  if (lane.runwayUnjudged !== null) return null;
  if (lane.unknownBounds > 0) return boundsAreHidden(judged, "The present");
  if (!lane.runway) return null;
  if (daysLeft(lane) === null || lane.runway.coversNow)
    return laneIsWell(
      judged,
      `${name} ${lane.runway.retired ? "holds the past only" : "has a partition for the present"}.`,
    );
  const { lastBound, lastBoundInWords, untilInWords, caughtBy } = lane.runway;
  const ended = lastBound !== null && new Date(lastBound) < now;
  const where = lastBoundInWords
    ? ended
      ? `Its last partition ends on ${lastBoundInWords} UTC.`
      : `${untilInWords ? `None covers it from ${untilInWords} UTC on` : "None covers it yet"}, although others lie ahead.`
    : "It has no partition at all.";
  return {
    object: relationObject(database, lane),
    state: "critical",
    value: null,
    threshold: null,
    since: ended ? new Date(lastBound) : null,
    words: {
      title: `${name} has no partition for the present.`,
      detail: `${where} Rows of now ${caughtBy ? `go to the default partition ${caughtBy}` : "are refused"}. Create the next partitions now.`,
      mends: createNext(lane),
    },
  };
}

export function judgeRunway(judged: JudgedLane, limitsFor: LimitsFor): ObjectState | null {
  const { database, lane, name } = judged;
  if (lane.runwayUnjudged !== null) return cannotBeJudged(judged, "Runway", lane.runwayUnjudged);
  if (lane.unknownBounds > 0) return boundsAreHidden(judged, "The runway");
  if (!lane.runway) return null;
  const left = daysLeft(lane);
  if (left === null) return laneIsWell(judged, `The partitions of ${name} have no end to run into.`);
  const object = relationObject(database, lane);
  const limits = limitsFor(object);
  const state = runwayState(lane, limits);
  return {
    object,
    state,
    value: left,
    threshold: runwayLimits(limits, lane),
    since: null,
    words: {
      ...(lane.runway.coversNow
        ? {
            title: `${name} has partitions for another ${reachInWords(lane)}.`,
            detail: `They end on ${lane.runway.untilInWords} UTC. ${consequence(lane)} Create the next partitions.`,
          }
        : {
            title: `${name} has no runway: no partition for the present.`,
            detail: `${consequence(lane)} Create the next partitions.`,
          }),
      ...(state !== "ok" && { mends: createNext(lane) }),
    },
  };
}

/** "9 d, 9 partitions of one day", "16 d 12 h, 0.5 partitions of one month". */
function reachInWords({ runway, interval }: PartitionLane): string {
  const time = durationInWords(runway?.seconds ?? 0);
  if (!interval || runway?.intervals == null) return time;
  const width = interval.unit === "custom" ? durationInWords(interval.seconds) : `one ${interval.unit}`;
  return `${time}, ${counted(Math.floor(runway.intervals * 10) / 10, "partition")} of ${width}`;
}
