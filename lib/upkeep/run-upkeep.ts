import { and, eq, inArray, sql } from "drizzle-orm";
import { z } from "zod";
import { schema } from "../db/schema.ts";
import { AppError } from "../errors.ts";
import { nameRelation } from "../quote-sql.ts";
import { requireRule } from "../upkeep-rules/read-rules.ts";
import { defineAdminAction } from "../verbs/admin-action.ts";
import { ruleInput } from "./inputs.ts";
import { keepAheadJob } from "./keep-ahead-job.ts";
import { objectOf } from "./rule-object.ts";

const { job } = schema;

/** Does now what an approved rule does by the clock, whatever its window, and also while it is paused. */
export const runUpkeep = defineAdminAction({
  name: "upkeep.begin",
  role: "operator",
  target: true,
  input: ruleInput,
  answer: z.strictObject({ jobId: z.uuid() }),
  object: ({ table }) => objectOf(table),
  async run({ tx, enqueue }, { target, table }) {
    const rule = await requireRule(tx, target, table);
    const name = nameRelation(table);
    if (rule.state !== "approved")
      throw new AppError("CONFLICT", `The upkeep of ${name} is proposed: a person approves it first.`);
    const [open] = await tx
      .select({ id: job.id })
      .from(job)
      .where(
        and(
          eq(job.name, keepAheadJob.name),
          inArray(job.state, ["waiting", "running"]),
          sql`${job.input}->>'rule' = ${rule.id}`,
        ),
      )
      .limit(1);
    if (open) throw new AppError("CONFLICT", `The upkeep of ${name} runs already: job ${open.id}.`);
    const object = objectOf(table);
    const jobId = await enqueue(keepAheadJob, { target, rule: rule.id, asked: true }, { object });
    return { data: { jobId }, jobId, object, facts: { rule: rule.id } };
  },
});
