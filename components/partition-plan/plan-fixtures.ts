import type { Plan, PlannedStep, StepOutcome } from "@/lib/partition-plan/types.ts";

/** Plans and steps for unit tests of what is said of them. */
export function step(id: string, more: Partial<PlannedStep> = {}): PlannedStep {
  return {
    id,
    words: `Create ${id}`,
    sql: [`CREATE TABLE ${id} ()`],
    alone: false,
    locks: [],
    scans: null,
    moves: null,
    estimatedSeconds: null,
    estimateFrom: null,
    step: { kind: "createPartition", params: {} },
    ...more,
  };
}

export function plan(more: Partial<Plan> = {}): Plan {
  const table = { schema: "public", name: "t" };
  return {
    request: { verb: "create", table },
    target: "audit",
    table,
    title: "Create 1 partition of t",
    steps: [step("t_1")],
    refusals: [],
    notes: [],
    irreversible: null,
    blockers: [],
    estimatedSeconds: null,
    estimateFrom: null,
    lockTimeoutMs: 200,
    digest: "0".repeat(64),
    observedAt: new Date("2026-11-27T12:00:00Z"),
    ...more,
  } as Plan;
}

export function outcome(id: string, more: Partial<StepOutcome> = {}): StepOutcome {
  return { id, words: `Create ${id}`, outcome: "done", why: null, retryAt: null, ...more };
}
