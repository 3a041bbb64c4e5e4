import { z } from "zod";
import { defineAdminAction } from "../verbs/admin-action.ts";
import { ruleInput } from "./inputs.ts";
import { objectOf } from "./rule-object.ts";
import { endSchedule } from "./rule-schedule.ts";
import { switchRule } from "./switch-rule.ts";

/** No run begins by the clock until it is resumed; one that runs goes on. */
export const pauseUpkeep = defineAdminAction({
  name: "upkeep.pause",
  role: "operator",
  target: true,
  input: ruleInput,
  answer: z.strictObject({ enabled: z.literal(false) }),
  object: ({ table }) => objectOf(table),
  async run({ tx, now }, { target, table }) {
    const rule = await switchRule(tx, { target, table, enabled: false, now });
    await endSchedule(tx, rule);
    return { data: { enabled: false }, object: objectOf(table), facts: { rule: rule.id } };
  },
});
