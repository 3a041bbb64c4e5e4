import { eq } from "drizzle-orm";
import { z } from "zod";
import { schema } from "../db/schema.ts";
import { requireRule } from "../upkeep-rules/read-rules.ts";
import { defineAdminAction } from "../verbs/admin-action.ts";
import { ruleInput } from "./inputs.ts";
import { objectOf } from "./rule-object.ts";
import { endSchedule } from "./rule-schedule.ts";

/** Forgets a table's rule. Its partitions stay as they are; nobody makes the next ones. */
export const removeUpkeep = defineAdminAction({
  name: "upkeep.remove",
  role: "operator",
  target: true,
  input: ruleInput,
  answer: z.strictObject({ removed: z.literal(true) }),
  object: ({ table }) => objectOf(table),
  async run({ tx }, { target, table }) {
    const rule = await requireRule(tx, target, table);
    await endSchedule(tx, rule);
    await tx.delete(schema.partitionUpkeep).where(eq(schema.partitionUpkeep.id, rule.id));
    const { cron, timeZone, ahead, state } = rule;
    return {
      data: { removed: true },
      object: objectOf(table),
      facts: { rule: rule.id, state, ahead, cron, timeZone },
    };
  },
});
