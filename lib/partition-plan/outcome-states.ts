import { momentInWords } from "../words.ts";
import type { SettledStep } from "./attempt-step.ts";
import type { CarriedState } from "./carried-state.ts";
import type { CarriedPlan, PlannedStep, StepOutcome } from "./types.ts";

/** Whether a run had come to its end: each step has an outcome, and none is to be tried again. */
export function hasEnded({ steps }: Pick<CarriedPlan, "steps">, { outcomes }: CarriedState): boolean {
  return steps.every(({ id }) => outcomes[id] !== undefined && !isOpen(outcomes[id]));
}

/** One that had come to its end takes what was not done once more: a person asked for it. */
export function reopened(plan: Pick<CarriedPlan, "steps">, state: CarriedState): CarriedState {
  if (!hasEnded(plan, state)) return { ...state, waits: null };
  const kept = Object.entries(state.outcomes).filter(([, { outcome }]) => outcome === "done");
  return { ...state, outcomes: Object.fromEntries(kept), waits: null };
}

/** Whether it is tried (again). */
export const isOpen = (outcome: StepOutcome | undefined) => outcome === undefined || outcome.retryAt !== null;

/** What others learn from it. */
export function tookOf(
  { step: { kind }, effort }: PlannedStep,
  { outcome, seconds }: SettledStep,
  { waited, resumed }: { waited: boolean; resumed: boolean },
): Pick<StepOutcome, "took"> {
  if (outcome !== "done" || seconds === undefined || waited || resumed || effort?.amount == null) return {};
  return { took: { kind, unit: effort.unit, amount: effort.amount, seconds } };
}

export const tooLate = (end: Date) =>
  `The time to work was over at ${momentInWords(end.toISOString())} UTC, before it began: it would have waited for others without an end.`;

/** "Create public.audit_log_standard_2027_01: contended. No lock within 200 ms: … Tried again at …" */
export function toldOf({ words, outcome, why, retryAt, before }: StepOutcome): string {
  const again = retryAt === null ? "" : ` Tried again at ${momentInWords(retryAt.toISOString())} UTC.`;
  return `${words}: ${outcome}${before ? ", before this" : ""}.${why === null ? "" : ` ${why}`}${again}`;
}
