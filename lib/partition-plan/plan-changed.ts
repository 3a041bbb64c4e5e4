import { AppError } from "../errors.ts";
import type { CarriedPlan, Plan, PlannedStep } from "./types.ts";

/** What is named by a digest is another plan now; `current` is that one. */
export function planChanged(current: Plan): AppError {
  return new AppError(
    "CONFLICT",
    "The database has changed since this plan was made: the plan is another one now.",
    { hint: "Look at the new plan, then carry that out.", current },
  );
}

/**
 * The steps that must have happened already for a plan made now to be the rest of the approved one: everything that it
 * would do was approved, to the letter. Null when it is another plan.
 */
export function goneBefore(
  approved: Pick<CarriedPlan, "steps" | "digest">,
  now: Pick<Plan, "steps" | "digest">,
): PlannedStep[] | null {
  if (now.digest === approved.digest) return [];
  const said = new Set(approved.steps.map(sqlOf));
  if (!now.steps.every((step) => said.has(sqlOf(step)))) return null;
  const left = new Set(now.steps.map(sqlOf));
  return approved.steps.filter((step) => !left.has(sqlOf(step)));
}

const sqlOf = ({ sql, step }: PlannedStep) => JSON.stringify([step.kind, sql]);
