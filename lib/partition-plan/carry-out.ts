import { setTimeout as pause } from "node:timers/promises";
import type { ReservedSession } from "../audit-db/pool/reserve.ts";
import { isTableBusy, workOnTable } from "../audit-db/structural/work-on-table.ts";
import type { AuditDb } from "../audit-db/types.ts";
import { quoteIdentifier } from "../quote-sql.ts";
import { attemptStep, type SettledStep } from "./attempt-step.ts";
import type { StepContext } from "./define-step.ts";
import { blockerWords, findBlockers } from "./find-blockers.ts";
import { goneBefore, planChanged } from "./plan-changed.ts";
import { stepKind } from "./steps.ts";
import type { CarriedPlan, Plan, PlannedStep, StepOutcome } from "./types.ts";

/** Where a plan's carrying out is, as JSON in the job's checkpoint. */
export interface CarriedState {
  /** The world was as the plan says when it was begun: what differs since may be its own work. */
  begun: boolean;
  /** By the step's id. */
  outcomes: Record<string, StepOutcome>;
  /** What the step in hand kept of its own. */
  own: { id: string; state: unknown } | null;
}

export interface CarryOutOptions extends Pick<StepContext, "progress" | "log" | "signal"> {
  audit: Pick<AuditDb, "reserve" | "use">;
  plan: CarriedPlan;
  /** Told to whoever comes to the table meanwhile. */
  jobId?: string;
  /** What is contended is tried again until then. */
  until: Date;
  restored?: CarriedState | null;
  checkpoint(state: CarriedState): Promise<void>;
  /** Asked once the table's lock is held and before the first step: what the plan is now. */
  planAgain?(): Promise<Plan>;
}

const firstDelayMs = 1_000;
const longestDelayMs = 30_000;
/** Whether somebody still works on the table is asked more often: it costs one session and no lock. */
const longestBusyDelayMs = 3_000;
/** A plan of a thousand steps of 5 ms each is not written down a thousand times; a step in doubt is looked at anyway. */
const checkpointEveryMs = 500;

/**
 * Carries a plan out, step by step, each looked at first: after a crash it goes on, whatever the worker had noted. It holds
 * the table's structural lock while it works and not while it waits to try again.
 * @returns an outcome for each step, in the plan's order
 * @throws AppError CONFLICT with the plan as it is now, where that is another one; UNAVAILABLE when the session was lost; the signal's reason
 */
export async function carryOut(options: CarryOutOptions): Promise<StepOutcome[]> {
  const { audit, plan, jobId, until, signal } = options;
  const run = createRun(options);
  for (let delayMs = firstDelayMs; ; delayMs = Math.min(delayMs * 2, longestDelayMs)) {
    const retryAt = retryMoment(delayMs, until);
    const work = {
      table: plan.table,
      name: "partitions.carry_out",
      ...(jobId !== undefined && { jobId }),
      statementTimeoutMs: 0,
      lockTimeoutMs: 0,
      signal,
    };
    try {
      await workOnTable(audit, work, (session) => run.round(session, retryAt));
    } catch (thrown) {
      if (!isTableBusy(thrown)) throw thrown;
      run.block(thrown.message, retryAt);
      delayMs = Math.min(delayMs, longestBusyDelayMs / 2);
    }
    await run.keep();
    if (retryAt === null || run.open().length === 0) return run.outcomes();
    await pause(Math.max(0, retryAt.getTime() - Date.now()), undefined, { signal });
  }
}

/** Null when the window is over by then. */
function retryMoment(delayMs: number, until: Date): Date | null {
  const at = Date.now() + delayMs * (1 + Math.random());
  return at < until.getTime() ? new Date(at) : null;
}

function createRun({ audit, plan, log, progress, signal, checkpoint, planAgain, restored }: CarryOutOptions) {
  const state: CarriedState = restored ? reopened(restored) : { begun: false, outcomes: {}, own: null };
  let keptAt = Date.now();
  const justPlanned = new Set<string>();
  const outcomeOf = (step: PlannedStep) => state.outcomes[step.id];
  const open = () => plan.steps.filter((step) => isOpen(outcomeOf(step)));

  async function keep(): Promise<void> {
    keptAt = Date.now();
    await checkpoint(state);
  }

  function settle(step: PlannedStep, settled: SettledStep, retryAt: Date | null): void {
    const { id, words } = step;
    const again = settled.outcome === "contended" || settled.outcome === "blocked" ? retryAt : null;
    const known = outcomeOf(step);
    state.outcomes[id] = { id, words, ...settled, retryAt: again };
    if (known?.outcome === settled.outcome && known.why === settled.why) return;
    log(toldOf(state.outcomes[id]));
    const settledSteps = plan.steps.length - open().length;
    progress(settledSteps, plan.steps.length, "steps");
  }

  /** What stands in front of a step in its group and is not done. */
  const inFront = (step: PlannedStep) =>
    plan.steps
      .slice(0, plan.steps.indexOf(step))
      .find(
        (other) =>
          other.step.group === step.step.group && outcomeOf(other) && outcomeOf(other)?.outcome !== "done",
      );

  async function round(session: ReservedSession, retryAt: Date | null): Promise<void> {
    if (!state.begun) await begin(session);
    if (plan.runsAs !== null) await session.sql.unsafe(`SET ROLE ${quoteIdentifier(plan.runsAs)}`);
    for (const step of open()) {
      const first = inFront(step);
      if (first) {
        const final = !isOpen(outcomeOf(first));
        settle(step, { outcome: "blocked", why: `Waits for: ${first.words}.` }, final ? null : retryAt);
        continue;
      }
      const long = step.alone || stepKind(step.step.kind).run !== undefined;
      if (long) await keep();
      const settled = await attemptStep(step, stepContext(session, step), {
        justPlanned: justPlanned.delete(step.id),
      });
      settle(step, await explain(step, settled, session), retryAt);
      if (long || Date.now() - keptAt > checkpointEveryMs) await keep();
    }
  }

  /** The world may have changed by parts of this very plan, which somebody else was first to carry out. */
  async function begin(session: ReservedSession): Promise<void> {
    const now = await planAgain?.();
    const gone = now ? goneBefore(plan, now) : [];
    for (const { step } of gone ?? [])
      if (now && (await stepKind(step.kind).look(session.sql, step.params)) !== "done")
        throw planChanged(now);
    if (now && gone === null) throw planChanged(now);
    for (const { id } of now?.steps ?? []) justPlanned.add(id);
    state.begun = true;
    await keep();
  }

  const stepContext = (session: ReservedSession, step: PlannedStep): StepContext => ({
    session,
    watch: (look) => audit.use("watch", "partitions.step", look),
    lockTimeoutMs: plan.lockTimeoutMs,
    restored: state.own?.id === step.id ? state.own.state : null,
    async checkpoint(own) {
      state.own = { id: step.id, state: own };
      await keep();
    },
    progress,
    log,
    signal: AbortSignal.any([signal, session.signal]),
  });

  async function explain(
    step: PlannedStep,
    settled: SettledStep,
    session: ReservedSession,
  ): Promise<SettledStep> {
    if (settled.outcome !== "contended") return settled;
    const found = await audit.use("watch", "partitions.blockers", (sql) =>
      findBlockers(sql, step.locks, session.backend.pid),
    );
    const who = found.slice(0, 3).map(blockerWords).join("; ");
    const waited = `No lock within ${plan.lockTimeoutMs} ms`;
    return {
      ...settled,
      why: who === "" ? `${waited}; whoever held it has gone since.` : `${waited}: ${who}.`,
    };
  }

  return {
    round,
    open,
    keep,
    block(why: string, retryAt: Date | null) {
      for (const step of open()) settle(step, { outcome: "blocked", why }, retryAt);
    },
    outcomes: () => plan.steps.flatMap((step) => outcomeOf(step) ?? []),
  };
}

/** A run that goes on takes what had come to an end without being done once more: a person may have asked for it. */
function reopened(state: CarriedState): CarriedState {
  const kept = Object.entries(state.outcomes).filter(([, { outcome }]) => outcome === "done");
  return { ...state, outcomes: Object.fromEntries(kept) };
}

/** Whether it is tried (again). */
const isOpen = (outcome: StepOutcome | undefined) => outcome === undefined || outcome.retryAt !== null;

/** "Create public.audit_log_standard_2027_01: contended. No lock within 200 ms: … Tried again at …" */
function toldOf({ words, outcome, why, retryAt, before }: StepOutcome): string {
  const again = retryAt === null ? "" : ` Tried again at ${retryAt.toISOString()}.`;
  return `${words}: ${outcome}${before ? ", before this" : ""}.${why === null ? "" : ` ${why}`}${again}`;
}
