import type { Refusal, StepOutcome } from "./types.ts";

/** What was asked for and not planned, as outcomes beside those of the steps: it is not done, and a person has to see to it. */
export function outcomesOfRefusals(refusals: readonly Refusal[]): StepOutcome[] {
  return refusals.map(({ object, outcome, words }, i) => ({
    id: `not planned ${i + 1} ${object}`,
    words: object,
    outcome,
    why: words,
    retryAt: null,
  }));
}
