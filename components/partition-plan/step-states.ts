import type { StepOutcome } from "@/lib/partition-plan/types.ts";

/** How a step stands while a plan is carried out. */
export type StepState = "pending" | "running" | StepOutcome["outcome"];

export interface StepProgress {
  state: StepState;
  outcome: StepOutcome | null;
}

/**
 * How each step stands: by its outcome, else the first without one is the one at work, as long as anybody works.
 * @param running the job has a worker now
 */
export function stepProgress(
  ids: readonly string[],
  outcomes: readonly StepOutcome[],
  running: boolean,
): Map<string, StepProgress> {
  const known = new Map(outcomes.map((outcome) => [outcome.id, outcome]));
  const at = running ? ids.find((id) => !known.has(id)) : undefined;
  return new Map(
    ids.map((id) => {
      const outcome = known.get(id) ?? null;
      return [id, { outcome, state: outcome?.outcome ?? (id === at ? "running" : "pending") }];
    }),
  );
}
