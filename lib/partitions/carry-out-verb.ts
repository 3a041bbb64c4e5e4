import { z } from "zod";
import { AppError, type ErrorCode } from "../errors.ts";
import { makePlan } from "../partition-plan/make-plan.ts";
import { planChanged } from "../partition-plan/plan-changed.ts";
import { type PlanRequest, type PlanVerb, planRequest } from "../partition-plan/request.ts";
import type { Plan, Refusal } from "../partition-plan/types.ts";
import { quoteQualified } from "../quote-sql.ts";
import { reasonInput } from "../reason.ts";
import { defineAdminAction } from "../verbs/admin-action.ts";
import { carriedPlan, carryOutInput, carryOutJob, objectOf, planNote } from "./carry-out-job.ts";

/**
 * The verb that has a plan carried out: plans again, refuses when that is another plan than the one named by its digest,
 * and begins the job.
 */
export function carryOutVerb<Verb extends PlanVerb>(verb: Verb) {
  return defineAdminAction({
    name: `partition.${verb}`,
    role: "operator",
    target: true,
    input: carryOutInput.extend({ request: requestOf(verb), reason: reasonInput.optional() }),
    answer: z.strictObject({ title: z.string(), steps: z.int() }),
    object: ({ request }) => objectOf(request),
    ...((verb === "detach" || verb === "leave-partman") && {
      confirm: (_: unknown, { request }: { request: PlanRequest }) => typedNameOf(request),
    }),
    async run({ audit, now, enqueue }, { reason, ...input }) {
      const { request, lockTimeoutMs, digest } = input;
      const plan = await makePlan({ audit, now }, request, lockTimeoutMs);
      if (plan.digest !== digest) throw planChanged(plan);
      assertSomethingToDo(plan);
      const object = objectOf(request);
      const jobId = await enqueue(carryOutJob, input, {
        object,
        noted: { [planNote]: carriedPlan(plan, digest) },
        ...(reason !== undefined && { reason }),
      });
      return {
        data: { title: plan.title, steps: plan.steps.length },
        jobId,
        object,
        facts: { steps: plan.steps.length, digest },
        ...(reason !== undefined && { detail: { reason } }),
      };
    },
  });
}

function requestOf<Verb extends PlanVerb>(verb: Verb): z.ZodType<Extract<PlanRequest, { verb: Verb }>> {
  const member = planRequest.options.find(({ shape }) => shape.verb.value === verb);
  if (!member) throw new Error(`no request is called ${verb}`);
  return member as unknown as z.ZodType<Extract<PlanRequest, { verb: Verb }>>;
}

function typedNameOf(request: PlanRequest): string {
  if (request.verb === "leave-partman") return quoteQualified(request.table.schema, request.table.name);
  if (request.verb !== "detach") throw new Error(`${request.verb} asks for no name`);
  return quoteQualified(request.partition.schema, request.partition.name);
}

const refusalCodes: Record<Refusal["outcome"], ErrorCode> = {
  missing: "NOT_FOUND",
  blocked: "CONFLICT",
  refused: "UNSUPPORTED",
};

/** @throws AppError with the refusals in words */
function assertSomethingToDo({ steps, refusals, runsAs, title }: Plan): void {
  const [first] = refusals;
  if (first && (steps.length === 0 || runsAs === null))
    throw new AppError(refusalCodes[first.outcome], refusals.map(({ words }) => words).join(" "));
  if (steps.length === 0) throw new AppError("CONFLICT", `There is nothing left to do: ${title}.`);
}
