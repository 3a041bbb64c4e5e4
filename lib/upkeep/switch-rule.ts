import { eq } from "drizzle-orm";
import type { Tx } from "../db/console-db.ts";
import { schema } from "../db/schema.ts";
import { AppError } from "../errors.ts";
import { nameRelation } from "../quote-sql.ts";
import { requireRule } from "../upkeep-rules/read-rules.ts";
import type { UpkeepRule } from "../upkeep-rules/rule.ts";
import { scheduleName } from "./rule-schedule.ts";

const { partitionUpkeep, schedule } = schema;

/** Turns an approved rule on or off. @throws AppError NOT_FOUND, CONFLICT while it is proposed, or when it is so already */
export async function switchRule(
  tx: Tx,
  { target, table, enabled, now }: Pick<UpkeepRule, "target" | "table" | "enabled"> & { now: Date },
): Promise<UpkeepRule> {
  const rule = await requireRule(tx, target, table);
  const name = nameRelation(table);
  if (rule.state === "proposed")
    throw new AppError(
      "CONFLICT",
      `The upkeep of ${name} is proposed and runs not at all until a person approves it.`,
    );
  const [own] = await tx
    .select({ enabled: schedule.enabled })
    .from(schedule)
    .where(eq(schedule.name, scheduleName(rule)));
  const on = rule.enabled && own?.enabled !== false;
  if (on === enabled)
    throw new AppError("CONFLICT", `The upkeep of ${name} is ${enabled ? "on" : "paused"} already.`);
  await tx
    .update(partitionUpkeep)
    .set({ enabled, ...(enabled && { onSince: now }) })
    .where(eq(partitionUpkeep.id, rule.id));
  return rule;
}
