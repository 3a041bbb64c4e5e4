import { z } from "zod";
import { targetInput } from "../inputs.ts";
import { defineAdminAction } from "../verbs/admin-action.ts";
import { getQueryPlan } from "./get-query-plan.ts";
import { planAnswer } from "./plan-answer.ts";
import { statementKey } from "./statement-key.ts";

/**
 * Plans a recorded statement. An act and no read, because planning runs code on the target: nothing asks for it but a
 * person, no address or poll does, and it is on record.
 */
export const planStatement = defineAdminAction({
  name: "statement.plan",
  role: "operator",
  target: true,
  input: z.strictObject({ target: targetInput, key: statementKey }),
  answer: planAnswer,
  object: ({ key }) => ({ type: "statement", id: key, name: key }),
  async run({ audit, now }, { key }) {
    const observed = await getQueryPlan({ audit, now }, { key });
    const { plan, role } = observed.data;
    return {
      data: observed,
      object: { type: "statement", id: key, name: key },
      facts: { planned: plan !== null, ...(role && { role }) },
    };
  },
});
