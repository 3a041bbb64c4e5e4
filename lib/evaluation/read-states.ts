import type { Sql } from "postgres";
import type { CheckObject, CheckState, Limits, ObjectState } from "../check.ts";
import type { Unavailable } from "../result.ts";
import type { EvaluationError } from "./evaluate-check.ts";

/** How an object stood when the leading evaluator last named it. */
export interface StoredState {
  target: string;
  checkId: string;
  objectKey: string;
  object: CheckObject;
  state: CheckState;
  value: number | null;
  unit: string | null;
  threshold: Limits | null;
  /** When this state began. */
  since: Date;
  evaluatedAt: Date;
  /** False once an incomplete answer did not name it: not known to be gone. */
  confirmed: boolean;
  words: ObjectState["words"];
  path: string;
  unavailable: Unavailable | null;
}

/** The newest evaluation of a check on a target. */
export interface StoredEvaluation {
  target: string;
  checkId: string;
  evaluatedAt: Date;
  /** When the server was asked, where its figures may be older than the evaluation. */
  observedAt: Date | null;
  tookMs: number;
  complete: boolean;
  /** Why it could not be evaluated; its objects keep their last states then. */
  error: EvaluationError | null;
}

/** Every object's state on these targets, in no order; @param targets null: on all of them */
export async function readStates(sql: Sql, targets: readonly string[] | null): Promise<StoredState[]> {
  const rows = await sql<StoredState[]>`
    select ${stateColumns(sql)} from check_state where ${targets === null ? sql`true` : sql`target = any(${[...targets]})`}`;
  return revived(rows);
}

/** A row of check_state as `StoredState` has it, but for what `revived` mends. */
export function stateColumns(sql: Sql) {
  return sql`
    target, check_id as "checkId", object_key as "objectKey", object, state, value, unit, threshold, since,
    case when confirmed then greatest(evaluated_at, (
      select replied_at from check_evaluation as look
      where look.target = check_state.target and look.check_id = check_state.check_id))
      else evaluated_at end as "evaluatedAt", confirmed, words, path, unavailable`;
}

/** When each check was last evaluated on these targets and how that went. */
export async function readEvaluations(
  sql: Sql,
  targets: readonly string[] | null,
): Promise<StoredEvaluation[]> {
  const rows = await sql<StoredEvaluation[]>`
    select target, check_id as "checkId", evaluated_at as "evaluatedAt", observed_at as "observedAt", took_ms as "tookMs", complete, error
    from check_evaluation where ${targets === null ? sql`true` : sql`target = any(${[...targets]})`}`;
  return [...rows];
}

/** JSON has no dates. */
export function revived(rows: readonly StoredState[]): StoredState[] {
  return rows.map(({ object, unavailable, ...row }) => ({
    ...row,
    unavailable: unavailable?.until ? { ...unavailable, until: new Date(unavailable.until) } : unavailable,
    object: object.kind === "session" ? { ...object, backendStart: new Date(object.backendStart) } : object,
  }));
}
