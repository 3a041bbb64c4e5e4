import type { UpkeepOutcome } from "../../drizzle/console/schema/upkeep.ts";
import { AppError, type ErrorCode } from "../errors.ts";
import type { JobContext } from "../jobs/define-job.ts";
import type { CarriedState } from "../partition-plan/carried-state.ts";
import { carryOut } from "../partition-plan/carry-out.ts";
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

export interface UpkeepRunning {
  /**
   * Makes what the rule wants ahead of now and is not there; again, it goes on with the plan that it has begun.
   * @param until what is contended is tried again until then
   * @throws AppError from the planner, and what the session was lost with
   */
  keepAhead(until: Date): Promise<KeptAhead>;
  /** How it came out where it ends by a failure, with what was made until then. */
  failed(words: string, code: ErrorCode): KeptAhead;
}

/** One run of a rule, by however many attempts. */
export function createRun(context: JobContext, rule: UpkeepRule): UpkeepRunning {
  const { id, audit, waitUntil, log, progress, signal } = context;
  let begun = context.restored as Begun | null;
  return {
    async keepAhead(until) {
      await assertItsDatabase(audit, rule);
      const { plan, state } = begun ?? (await begin(context, rule));
      const outcomes = await carryOut({
        audit,
        plan,
        jobId: id,
        until,
        waitUntil,
        restored: state,
        checkpoint: (carried) => {
          begun = { plan, state: carried };
          return context.checkpoint(begun);
        },
        log,
        progress,
        signal,
      });
      // Planned when it was missing: what is there when an interrupted run goes on is what that one made.
      const made = state?.begun ? outcomes.map(({ before: _, ...outcome }) => outcome) : outcomes;
      return summarize(made, plan.refusals);
    },
    failed(words, code) {
      const made = madeOf(Object.values(begun?.state?.outcomes ?? {})).length;
      return { outcome: "failed", words: `${words}${soFar(made)}`, made, code };
    },
  };
}

async function assertItsDatabase(audit: JobContext["audit"], rule: UpkeepRule): Promise<void> {
  const { database } = await audit.server();
  if (database === rule.database) return;
  throw new AppError(
    "CONFLICT",
    `The rule was approved for the database ${rule.database}; the target is ${database} now.`,
    { hint: "Set the upkeep again and approve it for this database, or remove it." },
  );
}

async function begin({ audit, now }: JobContext, rule: UpkeepRule): Promise<Begun> {
  const made = await makePlan({ audit, now: now() }, requestOf(rule), rule.lockTimeoutMs);
  const { table, runsAs, lockTimeoutMs, digest, refusals } = made;
  const steps = runsAs === null ? [] : made.steps;
  return { plan: { table, steps, refusals, runsAs, lockTimeoutMs, digest }, state: null };
}

/** In words, the worst first: what was refused needs a person, what was contended another night. */
export function summarize(outcomes: readonly StepOutcome[], refusals: readonly Refusal[]): KeptAhead {
  const made = madeOf(outcomes).length;
  const open = outcomes.filter(({ outcome }) => outcome !== "done");
  const so = soFar(made);
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
  const names = madeOf(outcomes).map(({ words }) => words);
  const shown = names.slice(0, 10).join("; ");
  const words = names.length > 10 ? `${shown}; and ${names.length - 10} more.` : `${shown}.`;
  return { outcome: "done", words, made, code: "CONFLICT" };
}

const madeOf = (outcomes: readonly StepOutcome[]) =>
  outcomes.filter(({ outcome, before }) => outcome === "done" && !before);

const soFar = (made: number) => (made > 0 ? ` ${counted(made, "partition")} made.` : "");
