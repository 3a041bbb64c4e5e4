import type { Sql } from "postgres";
import { recordRound } from "../alerting/record-round.ts";
import { type Check, type CheckObject, type CheckState, defineCheck, type ObjectState } from "../check.ts";
import { AppError } from "../errors.ts";
import { type Evaluation, skipCheck } from "../evaluation/evaluate-check.ts";
import { patienceFrom, readSetLimits } from "../evaluation/limits.ts";
import { writeStates } from "../evaluation/write-states.ts";

/** A check that finds nothing by itself: tests say what a look found. */
export function foundCheck(id: string, given: Partial<Check> = {}): Check {
  return defineCheck({
    id,
    title: `Sample ${id}`,
    unit: "seconds",
    path: "connections",
    runbook: "End the session.",
    needs: "Nothing.",
    thresholds: { warning: 300, critical: 900, direction: "rising" },
    evaluate: async () => ({ objects: [], complete: true }),
    ...given,
  });
}

export interface Found {
  check: Check;
  at: Date;
  /** Object's name, or the object, with how it stands; a value beside a state where it matters. */
  objects?: readonly (readonly [name: string | CheckObject, state: CheckState, value?: number])[];
  complete?: boolean;
  /** The look failed. */
  failed?: string;
  /** The target is down. */
  down?: true;
}

/** One evaluation of a check that found this. */
export function evaluationOf({ check, at, objects = [], complete = true, failed, down }: Found): Evaluation {
  if (down) return skipCheck(check, at, new AppError("UNAVAILABLE", "The audit database cannot be asked."));
  if (failed !== undefined)
    return {
      check,
      evaluatedAt: at,
      tookMs: 3,
      answer: null,
      error: { code: "INTERNAL", message: failed },
    };
  return {
    check,
    evaluatedAt: at,
    tookMs: 3,
    answer: { objects: objects.map(stateOf), complete },
    error: null,
  };
}

/** How an object stands as a check says it. */
export function stateOf([name, state, value]: NonNullable<Found["objects"]>[number]): ObjectState {
  const object = typeof name === "string" ? ({ kind: "database", name } as const) : name;
  const called = typeof name === "string" ? name : object.kind;
  return {
    object,
    state,
    value: value ?? null,
    threshold: { warning: 300, critical: 900 },
    since: null,
    words: { title: `${called} is ${state}.`, detail: "What to do." },
    ...(["no_data", "error", "unavailable"].includes(state) && {
      unavailable: { code: "insufficient_data" as const, reason: `${called} cannot be seen.` },
    }),
  };
}

/** Writes one round of a target as the evaluator does: its states, alerts and incidents. */
export async function evaluateFound(sql: Sql, target: string, found: readonly Found[]): Promise<void> {
  const patience = patienceFrom(await readSetLimits(sql, target), target);
  await writeStates(sql, target, found.map(evaluationOf), {
    recording: { record: recordRound, patience },
  });
}
