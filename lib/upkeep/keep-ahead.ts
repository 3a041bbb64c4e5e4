import type { UpkeepOutcome } from "../../drizzle/console/schema/upkeep.ts";
import { AppError, type ErrorCode } from "../errors.ts";
import type { JobContext } from "../jobs/define-job.ts";
import { type CarriedState, carryOut } from "../partition-plan/carry-out.ts";
import { makePlan } from "../partition-plan/make-plan.ts";
import type { PlanRequest } from "../partition-plan/request.ts";
import type { CarriedPlan, Refusal, StepOutcome } from "../partition-plan/types.ts";
import type { UpkeepRule } from "../upkeep-rules/rule.ts";
import { counted } from "../words.ts";

/** How a run came out. */
export interface KeptAhead {
  outcome: UpkeepOutcome;
  /** What was made, or why not. */
  words: string;
  /** How many partitions. */
  made: number;
  /** Of the failure, where it is one. */
  code: ErrorCode;
}

/** What stands in the job's checkpoint: a plan begun is carried to its end. */
interface Begun {
  plan: CarriedPlan;
  state: CarriedState | null;
}

/** What a rule asks for. */
export function requestOf({
  table,
  ahead,
  cut,
  tablespace,
}: Pick<UpkeepRule, "table" | "ahead" | "cut" | "tablespace">): Extract<PlanRequest, { verb: "create" }> {
  return { verb: "create", table, ahead, ...(cut && { cut }), ...(tablespace !== null && { tablespace }) };
}

/**
 * Makes what a rule wants ahead of now and is not there.
 * @param until what is contended is tried again until then
 * @throws AppError from the planner, and what the session was lost with
 */
export async function keepAhead(context: JobContext, rule: UpkeepRule, until: Date): Promise<KeptAhead> {
  const { id, audit, log, progress, signal } = context;
  const { database } = await audit.server();
  if (database !== rule.database)
    throw new AppError(
      "CONFLICT",
      `The rule was approved for the database ${rule.database}; the target is ${database} now.`,
      {
        hint: "Set the upkeep again and approve it for this database, or remove it.",
      },
    );
  const { plan, state } = (context.restored as Begun | null) ?? (await begin(context, rule));
  const outcomes = await carryOut({
    audit,
    plan,
    jobId: id,
    until,
    restored: state,
    checkpoint: (carried) => context.checkpoint({ plan, state: carried } satisfies Begun),
    log,
    progress,
    signal,
  });
  return summarize(outcomes, plan.refusals);
}

async function begin({ audit, now }: JobContext, rule: UpkeepRule): Promise<Begun> {
  const made = await makePlan({ audit, now: now() }, requestOf(rule), rule.lockTimeoutMs);
  const { table, runsAs, lockTimeoutMs, digest, refusals } = made;
  const steps = runsAs === null ? [] : made.steps;
  return { plan: { table, steps, refusals, runsAs, lockTimeoutMs, digest }, state: null };
}

/** In words, the worst first: what was refused needs a person, what was contended another night. */
export function summarize(outcomes: readonly StepOutcome[], refusals: readonly Refusal[]): KeptAhead {
  const made = outcomes.filter(({ outcome, before }) => outcome === "done" && !before).length;
  const open = outcomes.filter(({ outcome }) => outcome !== "done");
  const so = made > 0 ? ` ${counted(made, "partition")} made.` : "";
  const failed = open.find(({ outcome }) => outcome === "refused" || outcome === "missing");
  const why = [
    ...refusals.map(({ words }) => words),
    ...(failed ? [`${failed.words}: ${failed.outcome}. ${failed.why ?? ""}`.trim()] : []),
  ];
  if (why.length > 0) return { outcome: "failed", words: `${why.join(" ")}${so}`, made, code: "UNSUPPORTED" };
  const [first] = open;
  if (first)
    return {
      outcome: "contended",
      words: `${counted(open.length, "partition")} not made until the time to work was over. ${first.words}: ${first.why ?? first.outcome}${so}`,
      made,
      code: "TIMEOUT",
    };
  if (made === 0) return { outcome: "nothing to do", words: "Nothing was missing.", made, code: "CONFLICT" };
  const names = outcomes.filter(({ before }) => !before).map(({ words }) => words);
  const shown = names.slice(0, 10).join("; ");
  const words = names.length > 10 ? `${shown}; and ${names.length - 10} more.` : `${shown}.`;
  return { outcome: "done", words, made, code: "CONFLICT" };
}
