import { z } from "zod";
import { AppError } from "../errors.ts";
import { instantText, targetInput } from "../inputs.ts";
import { defineJob, type JobContext } from "../jobs/define-job.ts";
import { attachRedacted } from "../ledger/replay/attach-redacted.ts";
import type { CarriedState } from "../partition-plan/carried-state.ts";
import { carryOut } from "../partition-plan/carry-out.ts";
import { makePlan } from "../partition-plan/make-plan.ts";
import { hasEnded } from "../partition-plan/outcome-states.ts";
import { outcomesOfRefusals } from "../partition-plan/outcomes-of-refusals.ts";
import { planChanged } from "../partition-plan/plan-changed.ts";
import { lockTimeoutInput, planRequest } from "../partition-plan/request.ts";
import type { CarriedPlan, Plan, StepOutcome } from "../partition-plan/types.ts";
import { quoteQualified } from "../quote-sql.ts";
import { recordJobOutcome } from "../verbs/record-job-outcome.ts";

export const carryOutInput = z.strictObject({
  target: targetInput,
  request: planRequest,
  /** Of the plan that was approved. */
  digest: z.string().regex(/^[0-9a-f]{64}$/, "is not a plan's digest"),
  lockTimeoutMs: lockTimeoutInput,
  /**
   * What is contended is tried again until then, and what waits without timeouts is neither begun nor waits after it. Left
   * out, the one goes on for ten minutes, the other begins whenever its turn comes and waits for ten minutes.
   */
  until: instantText().optional(),
});
type CarryOutInput = z.output<typeof carryOutInput>;

/** How many steps came out how. */
type OutcomeCounts = Partial<Record<StepOutcome["outcome"], number>>;

export interface CarriedOut {
  /** What was asked for and not planned first, then each step. */
  outcomes: StepOutcome[];
}

/** When what is contended is no longer tried again, where nobody says. */
const windowEnd = (now: Date): string => new Date(now.getTime() + 600_000).toISOString();

/**
 * Carries an approved plan out. It is made once more before the first step, under the table's lock; begun, it is carried to
 * its end by whichever worker. Several work side by side, on different tables: who comes second to one waits and says for whom.
 */
export const carryOutJob = defineJob({
  name: "partitions.carry_out",
  title: "Change partitions",
  input: carryOutInput,
  target: true,
  oneAtATime: false,
  retry: {
    limit: 5,
    delaySeconds: 5,
    backoff: true,
    notFor: ["CONFLICT", "BAD_INPUT", "NOT_FOUND", "UNSUPPORTED", "FORBIDDEN"],
  },
  async run(context, input): Promise<CarriedOut> {
    let outcomes: StepOutcome[] = [];
    const action = `partition.${input.request.verb}`;
    const object = objectOf(input.request);
    await recordJobOutcome(context, { action, target: input.target, object }, async () => {
      outcomes = await attached(context, input);
      assertDone(outcomes);
      return countOutcomes(outcomes);
    });
    return { outcomes };
  },
});

/** An attach may bring back what was redacted; everything else is carried out as it stands. */
function attached(context: JobContext, input: CarryOutInput): Promise<StepOutcome[]> {
  const carried = () => carry(context, input);
  if (input.request.verb !== "attach") return carried();
  const { partition, table } = input.request;
  const { audit, signal, log, console } = context;
  return attachRedacted(
    {
      console: console.sql,
      audit,
      table: quoteQualified(partition.schema, partition.name),
      under: quoteQualified(table.schema, table.name),
      signal,
      log,
    },
    carried,
  );
}

/** @throws AppError CONFLICT in the words of the first step that is not done, with all outcomes as its result */
function assertDone(outcomes: StepOutcome[]): void {
  const open = outcomes.filter(({ outcome }) => outcome !== "done");
  const [first] = open;
  if (!first) return;
  const { words, outcome, why } = first;
  const told = `${words}: ${outcome}.${why === null ? "" : ` ${why}`}`;
  throw new AppError(
    "CONFLICT",
    outcomes.length === 1 ? told : `${open.length} of ${outcomes.length} are not done. ${told}`,
    { hint: "Plan the rest again.", result: { outcomes } satisfies CarriedOut },
  );
}

async function carry(context: JobContext, input: CarryOutInput): Promise<StepOutcome[]> {
  const { id, audit, log, progress, signal, checkpoint, waitUntil, now } = context;
  const restored = context.restored as CarriedState | null;
  const planAgain = () => makePlan({ audit, now: now() }, input.request, input.lockTimeoutMs);
  const plan = await context.once<CarriedPlan>(planNote, {
    do: async () => carriedPlan(await planAgain(), input.digest),
  });
  if (restored === null)
    for (const { object, outcome, words } of plan.refusals) log(`${object}: ${outcome}. ${words}`, "warn");
  const carried = await carryOut({
    audit,
    plan,
    jobId: id,
    ...(await timesOf(context, input, restored !== null && hasEnded(plan, restored))),
    restored,
    planAgain,
    checkpoint,
    waitUntil,
    log,
    progress,
    signal,
  });
  return [...outcomesOfRefusals(plan.refusals), ...carried];
}

/** How long it may take. One that had come to its end and is retried after its time gets ten minutes more: a person wants it now. */
async function timesOf(
  context: JobContext,
  input: CarryOutInput,
  ended: boolean,
): Promise<{ until: Date; windowEnds: Date | null }> {
  const now = context.now();
  const asked = new Date(input.until ?? (await context.once("until", async () => windowEnd(now))));
  const until = ended && asked <= now ? new Date(windowEnd(now)) : asked;
  return { until, windowEnds: input.until === undefined ? null : until };
}

/** The key under which the job's `once` has the plan: made by its verb, or at its own beginning. */
export const planNote = "plan";

/** @throws AppError CONFLICT when it is another plan than the approved one, unless nothing is left to do */
export function carriedPlan(plan: Plan, approved: string): CarriedPlan {
  const { table, steps, refusals, runsAs, lockTimeoutMs, digest } = plan;
  if (digest !== approved && (steps.length > 0 || refusals.length > 0)) throw planChanged(plan);
  return { table, steps, refusals, runsAs, lockTimeoutMs, digest };
}

/** What a request is about, for records. */
export function objectOf(request: CarryOutInput["request"]) {
  const relation =
    request.verb === "create" || request.verb === "run-partman" || request.verb === "leave-partman"
      ? request.table
      : request.verb === "maintain"
        ? request.relations[0]
        : request.partition;
  const name = relation ? quoteQualified(relation.schema, relation.name) : "partitions";
  return { type: "table", id: name, name };
}

function countOutcomes(outcomes: readonly StepOutcome[]): OutcomeCounts {
  const counts: OutcomeCounts = {};
  for (const { outcome } of outcomes) counts[outcome] = (counts[outcome] ?? 0) + 1;
  return counts;
}
