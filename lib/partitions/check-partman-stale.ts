import { defineCheck, type Limits, stateAt } from "../check.ts";
import { widthOfInterval } from "../partition-facts/partman-interval.ts";
import { durationInWords } from "../words.ts";
import { type JudgedPartman, judgePartman, partmanIsWell } from "./judge-partman.ts";

/** Partition maintenance of pg_partman that has not run for long: judged by the tables' own widths. */
export const partmanStale = defineCheck({
  id: "partitions.partman_stale",
  source: "part_config.maintenance_last_run",
  why: "One late run is a restart; two are a job that does not run, four that nobody looks.",
  title: "Last run of pg_partman",
  unit: "count",
  path: "partitions",
  runbook:
    "Counted in the table's own partitions: its maintenance has to run at least once in each. See what begins it (the background worker of shared_preload_libraries, pg_cron, a timer outside), its role and its log; run the maintenance through this console meanwhile.",
  needs: "pg_partman 5.1 or newer, which keeps when it ran last, and SELECT on its part_config.",
  thresholds: { warning: 2, critical: 4, direction: "rising" },
  evaluate: (context, limitsFor) =>
    judgePartman(context, (judged) => judgeLastRun(judged, limitsFor(judged.object), context.now)),
});

export function judgeLastRun(
  { table, name, ours }: Pick<JudgedPartman, "table" | "name" | "ours">,
  threshold: Limits,
  now: Date,
) {
  const { installation, automatic, lastRun, interval } = table;
  if (ours || automatic === "off") return partmanIsWell(`pg_partman does not maintain ${name}.`);
  const unknown = (reason: string) => ({
    ...{ state: "unavailable" as const, value: null, threshold, since: null },
    words: { title: `When pg_partman last ran for ${name} is not known.`, detail: reason },
    unavailable: { code: "unsupported" as const, reason },
  });
  if (!installation.tellsLastRun)
    return unknown(
      `pg_partman ${installation.version ?? "before 5.1"} does not keep when its maintenance ran.`,
    );
  const width = widthOfInterval(interval);
  if (width === null) return unknown(`It is cut by ${interval}, which is no time to compare with.`);
  if (lastRun === null)
    return {
      ...{ state: "notice" as const, value: null, threshold, since: null },
      words: {
        title: `pg_partman's maintenance never ran for ${name}.`,
        detail: "Run it through this console, and see what is to begin it by the clock.",
      },
    };
  const seconds = Math.max(0, now.getTime() - lastRun.getTime()) / 1_000;
  const value = Math.floor((seconds / width) * 100) / 100;
  return {
    ...{ state: stateAt(value, threshold), value, threshold, since: null },
    words: {
      title: `pg_partman's maintenance of ${name} ran ${durationInWords(seconds)} ago; each partition takes ${durationInWords(width)}.`,
      detail: "See what begins it by the clock. Run it through this console meanwhile.",
    },
  };
}
