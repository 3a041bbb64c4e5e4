import { and, desc, eq, inArray, like } from "drizzle-orm";
import type { ConsoleDb } from "../db/console-db.ts";
import { schema } from "../db/schema.ts";
import { cronWords } from "../jobs/cron-words.ts";
import { nextRuns } from "../jobs/define-schedule.ts";
import { readRules } from "../upkeep-rules/read-rules.ts";
import { isOn, type UpkeepRule } from "../upkeep-rules/rule.ts";
import { keepAheadJob } from "./keep-ahead-job.ts";
import { scheduleName } from "./rule-schedule.ts";

const { job, schedule } = schema;

export interface Upkeep extends UpkeepRule {
  /** The expression in words; null where it needs more than a short sentence. */
  words: string | null;
  /** Whether runs begin by the clock: approved, not paused, nor its schedule on the Jobs page. */
  on: boolean;
  /** The next moment that a run begins; null while it is not on. */
  nextRun: Date | null;
  /** The run that waits or works now. */
  openJobId: string | null;
}

/** The rules of a target's tables, by table, each with its last run and its next. */
export async function getUpkeep({ db }: Pick<ConsoleDb, "db">, target: string, now: Date): Promise<Upkeep[]> {
  const [rules, schedules, open] = await Promise.all([
    readRules(db, [target]),
    db
      .select({ name: schedule.name, enabled: schedule.enabled })
      .from(schedule)
      .where(and(eq(schedule.target, target), like(schedule.name, `${keepAheadJob.name}:%`))),
    db
      .select({ id: job.id, input: job.input })
      .from(job)
      .where(
        and(
          eq(job.name, keepAheadJob.name),
          eq(job.target, target),
          inArray(job.state, ["waiting", "running"]),
        ),
      )
      .orderBy(desc(job.createdAt)),
  ]);
  return rules.map((rule) => {
    const paused = schedules.some(({ name, enabled }) => name === scheduleName(rule) && !enabled);
    const on = isOn(rule) && !paused;
    const running = open.find(({ input }) => (input as { rule?: string }).rule === rule.id);
    return {
      ...rule,
      words: cronWords(rule.cron),
      on,
      nextRun: on ? (nextRuns(rule, now, 1)[0] ?? null) : null,
      openJobId: running?.id ?? null,
    };
  });
}
