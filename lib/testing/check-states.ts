import type { Sql } from "postgres";
import { type Check, type CheckObject, type CheckState, type Limits, objectKey } from "../check.ts";

/** A check that judges nothing: what it would say stands in the tables already. */
export function sampleCheck(id: string, given: Partial<Check> = {}): Check {
  return {
    id,
    title: `Sample ${id}`,
    unit: "seconds",
    path: "connections",
    runbook: "End the session.",
    needs: "pg_monitor",
    thresholds: { warning: 300, critical: 900, direction: "rising" },
    evaluate: async () => ({ objects: [], complete: true }),
    ...given,
  };
}

export interface SampleState {
  object: CheckObject;
  state: CheckState;
  value?: number;
  /** What the value was compared with. */
  threshold?: Limits;
  since?: Date;
  confirmed?: boolean;
  unavailable?: { code: string; reason: string; enable?: string };
}

/** Puts an evaluation and its states where the evaluator would. */
export async function storeEvaluation(
  sql: Sql,
  at: { target: string; check: string; evaluatedAt: Date },
  states: readonly SampleState[],
  {
    complete = true,
    error = null,
  }: { complete?: boolean; error?: { code: string; message: string } | null } = {},
): Promise<void> {
  const { target, check, evaluatedAt } = at;
  await sql`
    insert into check_evaluation (target, check_id, evaluated_at, took_ms, complete, error)
    values (${target}, ${check}, ${evaluatedAt}, 3, ${complete}, ${error && sql.json(error)})
    on conflict (target, check_id) do update
      set evaluated_at = excluded.evaluated_at, complete = excluded.complete, error = excluded.error`;
  for (const { object, state, value, threshold, since, confirmed, unavailable } of states)
    await sql`
      insert into check_state (target, check_id, object_key, object, state, value, threshold, since, evaluated_at, confirmed,
        words, path, unavailable)
      values (${target}, ${check}, ${objectKey(object)}, ${sql.json(object as never)}, ${state}, ${value ?? null},
        ${threshold ? sql.json({ ...threshold }) : null},        ${since ?? evaluatedAt}, ${evaluatedAt}, ${confirmed ?? true},
        ${sql.json({ title: `${objectKey(object)} is ${state}.`, detail: "What to do." })}, 'connections',
        ${unavailable ? sql.json({ ...unavailable }) : null})`;
}

/** Puts a threshold where the verb would. */
export async function storeThreshold(
  sql: Sql,
  of: { check: string; target?: string; object?: string },
  limits: Limits,
): Promise<void> {
  await sql`
    insert into check_threshold (check_id, target, object_key, limits, set_by_name)
    values (${of.check}, ${of.target ?? "*"}, ${of.object ?? "*"}, ${sql.json({ ...limits })}, 'ann')`;
}
