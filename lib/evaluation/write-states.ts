import type { Sql } from "postgres";
import { objectKey } from "../check.ts";
import type { Evaluation } from "./evaluate-check.ts";

/**
 * Writes what one evaluation of a target found, in one transaction. Only the leading evaluator calls it.
 *
 * - `since` is kept while an object's state stays, and set when it changes: to when the server says that it began,
 *   else to now.
 * - An object absent from a complete answer is gone; from an incomplete one it is no longer confirmed.
 * - A check that could not be evaluated leaves its objects as they are.
 * - An evaluation older than what stands writes nothing: a leader that was deposed and wakes up changes no state.
 * - What stands of checks that no longer exist is removed.
 */
export async function writeStates(
  sql: Sql,
  target: string,
  evaluations: readonly Evaluation[],
): Promise<void> {
  const looks = evaluations.map(({ check, evaluatedAt, tookMs, answer, error }) => ({
    checkId: check.id,
    evaluatedAt,
    tookMs,
    complete: answer?.complete ?? false,
    observedAt: answer?.observedAt ?? null,
    error,
  }));
  await sql.begin(async (tx) => {
    const current = await tx<{ checkId: string; answered: boolean; complete: boolean }[]>`
      insert into check_evaluation as stored (target, check_id, evaluated_at, observed_at, took_ms, complete, error)
      select ${target}, "checkId", "evaluatedAt", "observedAt", "tookMs", complete, nullif(error, 'null')
      from jsonb_to_recordset(${asJson(looks)}::text::jsonb) as look
        ("checkId" text, "evaluatedAt" timestamptz, "observedAt" timestamptz, "tookMs" integer, complete boolean, error jsonb)
      order by 2
      on conflict (target, check_id) do update
        set evaluated_at = excluded.evaluated_at, observed_at = excluded.observed_at, took_ms = excluded.took_ms, complete = excluded.complete,
            error = excluded.error
        where stored.evaluated_at < excluded.evaluated_at
      returning check_id as "checkId", error is null as answered, complete`;
    const answered = new Map(current.filter((look) => look.answered).map((look) => [look.checkId, look]));
    const states = evaluations.filter(({ check }) => answered.has(check.id)).flatMap(rowsOf);
    await upsert(tx as unknown as Sql, target, states);
    await settleAbsent(tx as unknown as Sql, target, [...answered.values()], states);
    await forgetOthers(
      tx as unknown as Sql,
      target,
      evaluations.map(({ check }) => check.id),
    );
  });
}

type Row = ReturnType<typeof rowsOf>[number];

function rowsOf({ check, evaluatedAt, answer }: Evaluation) {
  return (answer?.objects ?? []).map((object) => ({
    checkId: check.id,
    objectKey: objectKey(object.object),
    object: object.object,
    state: object.state,
    value: object.value,
    unit: check.unit,
    threshold: object.threshold,
    since: object.since ?? evaluatedAt,
    evaluatedAt,
    words: object.words,
    path: object.path ?? check.path,
    unavailable: object.unavailable ?? null,
  }));
}

async function upsert(tx: Sql, target: string, rows: readonly Row[]): Promise<void> {
  if (rows.length === 0) return;
  await tx`
    insert into check_state as stored
      (target, check_id, object_key, object, state, value, unit, threshold, since, evaluated_at, words, path, unavailable)
    select ${target}, "checkId", "objectKey", object, state, value, unit, nullif(threshold, 'null'), since,
           "evaluatedAt", words, path, nullif(unavailable, 'null')
    from jsonb_to_recordset(${asJson(rows)}::text::jsonb) as row
      ("checkId" text, "objectKey" text, object jsonb, state text, value float8, unit text, threshold jsonb,
       since timestamptz, "evaluatedAt" timestamptz, words jsonb, path text, unavailable jsonb)
    order by 2, 3
    on conflict (target, check_id, object_key) do update
      set object = excluded.object, state = excluded.state, value = excluded.value, unit = excluded.unit,
          threshold = excluded.threshold, evaluated_at = excluded.evaluated_at, words = excluded.words,
          path = excluded.path, unavailable = excluded.unavailable, confirmed = true,
          since = case when stored.state = excluded.state then stored.since else excluded.since end`;
}

/** What an answer did not name: gone where the answer was complete, else not confirmed. */
async function settleAbsent(
  tx: Sql,
  target: string,
  answered: readonly { checkId: string; complete: boolean }[],
  rows: readonly Row[],
): Promise<void> {
  const of = (complete: boolean) =>
    answered.filter((look) => look.complete === complete).map((look) => look.checkId);
  const named = asJson(rows.map(({ checkId, objectKey: key }) => ({ checkId, key })));
  const absent = tx`
    not exists (select from jsonb_to_recordset(${named}::text::jsonb) as named ("checkId" text, key text)
                where named."checkId" = check_state.check_id and named.key = check_state.object_key)`;
  await tx`delete from check_state where target = ${target} and check_id = any(${of(true)}) and ${absent}`;
  await tx`
    update check_state set confirmed = false
    where target = ${target} and check_id = any(${of(false)}) and confirmed and ${absent}`;
}

async function forgetOthers(tx: Sql, target: string, checkIds: readonly string[]): Promise<void> {
  const ids = [...checkIds];
  await tx`delete from check_state where target = ${target} and not check_id = any(${ids})`;
  await tx`delete from check_evaluation where target = ${target} and not check_id = any(${ids})`;
}

/** What jsonb cannot hold (NUL, half a surrogate pair) stands in no text: one such would cost every check its states. */
function asJson(value: unknown): string {
  return JSON.stringify(value, (_key, each) =>
    typeof each === "string" ? each.toWellFormed().replaceAll("\0", "") : each,
  );
}
