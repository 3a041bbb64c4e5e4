import type { AuditDb } from "../audit-db/types.ts";
import { counted, durationInWords, type Finding, momentInWords } from "../finding.ts";
import { newest } from "../partition-facts/get-activity.ts";
import { defaultRowsCap } from "../partition-facts/get-default-rows.ts";
import type { PartitionNode } from "../partition-facts/get-nodes.ts";
import { type Forest, readForest, totalsOf } from "../partition-facts/read-forest.ts";
import { runwayThresholds } from "../partition-facts/thresholds.ts";
import type { Observed } from "../result.ts";
import { buildLanes } from "./build-lanes.ts";
import { readDefaults } from "./get-lanes.ts";
import { partitionThresholds } from "./thresholds.ts";
import type { PartitionLane } from "./types.ts";

const path = "partitions";

/**
 * What is wrong or soon will be with the partitions of the connected database: runway, gaps, overlaps, rows in a
 * default partition, pending detaches, parents without fresh statistics. Nothing when there is no partitioned table.
 */
export async function getPartitionFindings(audit: AuditDb, now = new Date()): Promise<Finding[]> {
  return (await judgePartitions(audit, now)).data;
}

/** The same with when and where it was read. */
export async function judgePartitions(audit: AuditDb, now: Date): Promise<Observed<Finding[]>> {
  const { data: forest, ...observed } = await readForest(audit);
  const findings: Finding[] = [];
  for (const root of forest.roots) {
    const lanes = buildLanes(forest, root, now, await readDefaults(audit, forest, root));
    for (const lane of lanes) findings.push(...judgeLane(root, lane, now));
    findings.push(...judgeStatistics(forest, root, now));
  }
  return { ...observed, data: findings };
}

function judgeLane(root: PartitionNode, lane: PartitionLane, now: Date): Finding[] {
  const findings: Finding[] = [];
  const name = lane.label === root.name ? root.name : `${root.name} (${lane.label})`;
  const runway = judgeRunway(name, lane);
  if (runway) findings.push(runway);
  for (const gap of lane.gaps) {
    const ahead = !(new Date(gap.to) <= now);
    findings.push({
      check: "partitions.gap",
      severity: ahead ? "critical" : "warning",
      title: `${name} has no partition from ${spanInWords(gap)}.`,
      detail: `Rows of that stretch are ${
        lane.defaultPartition ? "kept in the default partition" : "refused"
      }. It lies between ${gap.between[0]} and ${gap.between[1]}; create the missing partition.`,
      path,
    });
  }
  for (const overlap of lane.overlaps) {
    findings.push({
      check: "partitions.overlap",
      severity: "critical",
      title: `${overlap.between.join(" and ")} of ${name} overlap from ${spanInWords(overlap)}.`,
      detail: "Two partitions claim the same stretch; detach one, move its rows and drop it.",
      path,
    });
  }
  for (const cell of lane.cells.filter((c) => c.detachPending)) {
    findings.push({
      check: "partitions.detachPending",
      severity: "warning",
      title: `The detach of ${cell.name} from ${name} was begun and not finished.`,
      detail: `Its rows no longer show in ${root.name}, and no other partition can be detached meanwhile. Run ALTER TABLE ${lane.schema}.${lane.name} DETACH PARTITION ${cell.schema}.${cell.name} FINALIZE.`,
      path,
    });
  }
  const fallback = lane.defaultPartition;
  const rows = fallback?.rows ?? fallback?.rowsEstimated ?? 0;
  if (fallback && rows > 0) {
    const amount = fallback.capped
      ? `at least ${defaultRowsCap} rows`
      : `${fallback.rows === null ? "about " : ""}${counted(rows, "row")}`;
    findings.push({
      check: "partitions.defaultRows",
      severity: "warning",
      title: `The default partition ${fallback.name} of ${name} holds ${amount}.`,
      detail:
        "They fit no other partition. A partition for their stretch cannot be attached before they are moved, and retention by dropping partitions misses them.",
      path,
    });
  }
  return findings;
}

function judgeRunway(name: string, lane: PartitionLane): Finding | null {
  const { runway, interval } = lane;
  const check = "partitions.runway";
  if (lane.unknownBounds > 0) {
    return {
      check,
      severity: "notice",
      title: `The runway of ${name} cannot be judged just now.`,
      detail: `The bounds of ${counted(lane.unknownBounds, "partition")} are hidden by somebody's lock.`,
      path,
      unavailable: { code: "insufficient_data", reason: "A lock hides partition bounds." },
    };
  }
  if (!runway || runway.unlimited || runway.retired || runway.seconds === null) return null;
  const consequence = lane.defaultPartition
    ? "Rows beyond it go to the default partition."
    : "Rows beyond it are refused.";
  if (!runway.coversNow) {
    return {
      check,
      severity: "critical",
      title: `${name} has no partition for the present.`,
      detail: `${runway.lastBound ? `Its last partition ends on ${momentInWords(runway.lastBound)} UTC.` : "It has no partition at all."} ${consequence} Create the next partitions now.`,
      ...(runway.lastBound &&
        new Date(runway.lastBound) < new Date() && { since: new Date(runway.lastBound) }),
      path,
    };
  }
  const left = runway.intervals;
  const { warning, critical } = runwayThresholds.intervals;
  if (left === null || !interval || left >= warning) return null;
  const unit = interval.unit === "custom" ? "partition width" : interval.unit;
  return {
    check,
    severity: left < critical ? "critical" : "warning",
    title: `${name} has partitions for another ${durationInWords(runway.seconds)} (${left.toFixed(1)} ${unit}s).`,
    detail: `They end ${runway.until ? `on ${momentInWords(runway.until)} UTC` : "then"}. ${consequence} Create the next partitions.`,
    path,
  };
}

function judgeStatistics(forest: Forest, root: PartitionNode, now: Date): Finding[] {
  const activity = forest.activity(root.oid);
  const rows = totalsOf(forest, root).rowsEstimated ?? 0;
  if (!activity || rows < partitionThresholds.parentAnalyzedRows) return [];
  const { at } = newest(activity.lastAnalyze, activity.lastAutoanalyze);
  const days = at ? (now.getTime() - at.getTime()) / 86_400_000 : null;
  const { warning, critical } = partitionThresholds.parentAnalyzedDays;
  if (days !== null && days < warning) return [];
  return [
    {
      check: "partitions.parentAnalyzed",
      // Never analyzed has no age: the statistics may have been reset yesterday.
      severity: days !== null && days >= critical ? "critical" : "warning",
      title:
        days === null
          ? `${root.name} as a whole was never analyzed.`
          : `${root.name} as a whole was last analyzed ${Math.floor(days)} days ago.`,
      detail: `Autovacuum analyzes partitions but never their parent, so plans across partitions rest on old guesses. Run ANALYZE ${root.schema}.${root.name}.`,
      ...(at && { since: at }),
      path,
    },
  ];
}

function spanInWords({ from, to }: { from: string; to: string }): string {
  return `${momentInWords(from)} to ${momentInWords(to)} UTC`;
}
