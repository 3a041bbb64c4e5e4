import type { ReservedSession } from "../audit-db/pool/reserve.ts";
import { quoteIdentifier } from "../quote-sql.ts";
import { attemptStep, type SettledStep } from "./attempt-step.ts";
import type { CarriedState, CarryOutOptions } from "./carried-state.ts";
import type { StepContext } from "./define-step.ts";
import { explainContended } from "./explain-contended.ts";
import { isOpen, reopened, toldOf, tookOf, tooLate } from "./outcome-states.ts";
import { goneBefore, planChanged } from "./plan-changed.ts";
import { stepKind } from "./steps.ts";
import type { PlannedStep } from "./types.ts";

/** A plan of a thousand steps of 5 ms each is not written down a thousand times; a step in doubt is looked at anyway. */
const checkpointEveryMs = 500;
/** Before what is contended is tried for the second time. */
const firstDelayMs = 1_000;

/** One run of a plan, by one worker: its rounds, and how each step stands. */
export function createRun(options: CarryOutOptions) {
  const {
    audit,
    plan,
    until,
    windowEnds = null,
    log,
    progress,
    signal,
    checkpoint,
    planAgain,
    restored,
  } = options;
  const state: CarriedState = restored ? reopened(plan, restored) : { begun: false, outcomes: {}, own: null };
  let keptAt = Date.now();
  let changed = false;
  const justPlanned = new Set<string>();
  /** Steps that waited for others: what they took tells nothing. */
  const waited = new Set<string>();
  const outcomeOf = (step: PlannedStep) => state.outcomes[step.id];
  const open = () => plan.steps.filter((step) => isOpen(outcomeOf(step)));

  async function keep(delayMs = state.delayMs): Promise<void> {
    keptAt = Date.now();
    if (delayMs !== undefined) state.delayMs = delayMs;
    await checkpoint(state);
  }

  function settle(step: PlannedStep, { seconds: _, ...settled }: SettledStep, retryAt: Date | null): void {
    const { id, words } = step;
    const triedAgain = settled.outcome === "contended" || settled.outcome === "blocked";
    const again = triedAgain && Date.now() < until.getTime() ? retryAt : null;
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
      signal.throwIfAborted();
      if (step.alone && windowEnds !== null && Date.now() >= windowEnds.getTime()) {
        const { outcome = "blocked", why = tooLate(windowEnds) } = outcomeOf(step) ?? {};
        settle(step, { outcome, why }, null);
        continue;
      }
      const long = step.alone || stepKind(step.step.kind).run !== undefined;
      if (long) await keep();
      changed ||= long;
      const resumed = state.own?.id === step.id;
      const settled = await attemptStep(step, stepContext(session, step), {
        justPlanned: justPlanned.delete(step.id),
      });
      changed ||= settled.outcome === "done" && !settled.before;
      const took = tookOf(step, settled, { waited: waited.has(step.id), resumed });
      state.waits = null;
      settle(step, { ...(await explainContended(audit, plan, step, settled, session)), ...took }, retryAt);
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
    giveUpAt: windowEnds,
    waits(whom) {
      if (whom !== null) waited.add(step.id);
      state.waits = whom === null ? null : { id: step.id, whom };
      // Told as soon as may be; the next note would tell it as well.
      void keep().catch(() => {});
    },
    log,
    signal: AbortSignal.any([signal, session.signal]),
  });

  return {
    round,
    open,
    keep,
    delayMs: () => state.delayMs ?? firstDelayMs,
    /** What others go on showing for want of a word is at most a minute old by itself. */
    async forget() {
      if (!changed) return;
      changed = false;
      await audit.dropAnswers({ tags: ["partitions", "maintenance"] }).catch(() => {
        log(
          "Not every process of the console could be told: some may show the partitions of before for a moment.",
        );
      });
    },
    block(why: string, retryAt: Date | null) {
      for (const step of open()) settle(step, { outcome: "blocked", why }, retryAt);
    },
    outcomes: () => plan.steps.flatMap((step) => outcomeOf(step) ?? []),
  };
}
