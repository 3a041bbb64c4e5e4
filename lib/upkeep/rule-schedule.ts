import { eq } from "drizzle-orm";
import type { Tx } from "../db/console-db.ts";
import { schema } from "../db/schema.ts";
import { defineSchedule, type Schedule } from "../jobs/define-schedule.ts";
import { lockSchedules, putSchedule } from "../jobs/keep-schedules.ts";
import { quoteQualified } from "../quote-sql.ts";
import { readRules } from "../upkeep-rules/read-rules.ts";
import { isOn, type UpkeepRule } from "../upkeep-rules/rule.ts";
import { keepAheadJob } from "./keep-ahead-job.ts";

type Scheduled = Pick<UpkeepRule, "id" | "target" | "table" | "cron" | "timeZone">;

/** `partitions.upkeep:audit:public.audit_log` */
export function scheduleName({ target, table }: Pick<UpkeepRule, "target" | "table">): string {
  return `${keepAheadJob.name}:${target}:${quoteQualified(table.schema, table.name)}`;
}

function scheduleOf({ id, target, table, cron, timeZone }: Scheduled): Schedule {
  const of = quoteQualified(table.schema, table.name);
  return defineSchedule(keepAheadJob, { input: { target, rule: id }, cron, timeZone, of });
}

/**
 * What begins by the clock of the rules of these targets. One whose expression or zone this version cannot read any more
 * is left out, and told as upkeep that does not succeed.
 */
export async function listUpkeepSchedules(
  tx: Pick<Tx, "select">,
  targets: readonly string[],
): Promise<Schedule[]> {
  const rules = await readRules(tx, targets);
  return rules.filter(isOn).flatMap((rule) => {
    try {
      return [scheduleOf(rule)];
    } catch {
      return [];
    }
  });
}

/** Its first slot is the next one. */
export async function beginSchedule(tx: Tx, rule: Scheduled): Promise<void> {
  await lockSchedules(tx);
  await endSchedule(tx, rule);
  await putSchedule(tx, scheduleOf(rule));
}

export async function endSchedule(tx: Tx, rule: Pick<UpkeepRule, "target" | "table">): Promise<void> {
  await lockSchedules(tx);
  await tx.delete(schema.schedule).where(eq(schema.schedule.name, scheduleName(rule)));
}
