import { z } from "zod";
import { defineAdminAction } from "../verbs/admin-action.ts";
import { ruleInput } from "./inputs.ts";
import { objectOf } from "./rule-object.ts";
import { beginSchedule } from "./rule-schedule.ts";
import { switchRule } from "./switch-rule.ts";

/** Runs begin by the clock again, with the next slot; also where the schedule was paused on the Jobs page. */
export const resumeUpkeep = defineAdminAction({
  name: "upkeep.resume",
  role: "operator",
  target: true,
  input: ruleInput,
  answer: z.strictObject({ enabled: z.literal(true) }),
  object: ({ table }) => objectOf(table),
  async run({ tx, now }, { target, table }) {
    const rule = await switchRule(tx, { target, table, enabled: true, now });
    await beginSchedule(tx, rule);
    return { data: { enabled: true }, object: objectOf(table), facts: { rule: rule.id } };
  },
});
