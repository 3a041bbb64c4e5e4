import type { Sql } from "postgres";
import type { CheckState, ObjectState } from "../check.ts";
import { storableJson } from "../db/storable-json.ts";
import { type Evaluation, objectKeys } from "./evaluate-check.ts";
import type { PatienceOf } from "./limits.ts";
import type { AcceptedLook, RecordRound } from "./recorded.ts";
import { differ, type KnownObjects, nothingKnown, StateMemory } from "./state-memory.ts";

export interface WriteOptions {
  /** What else is made of it in the same transaction: alerts. */
  recording?: { record: RecordRound; patience: PatienceOf } | undefined;
  /** What this evaluator wrote before. */
  memory?: StateMemory;
}

/**
 * Writes what one evaluation of a target found, in one transaction. Only the leading evaluator calls it, with evaluations
 * of one moment.
 *
 * - `since` is kept while an object's state stays, and set when it changes: to when the server says that it began,
 *   else to now.
 * - An object absent from a complete answer is gone; from an incomplete one it is no longer confirmed.
 * - A check that could not be evaluated leaves its objects as they are.
 * - An evaluation older than what stands writes nothing: a leader that was deposed and wakes up changes no state. What
 *   stands from the future does not count: the clock was put back.
 * - What stands of checks that no longer exist is removed.
 * - A row is written only when it changes: an object that is confirmed stands as of its check's `replied_at`.
 */
export async function writeStates(
  sql: Sql,
  target: string,
  evaluations: readonly Evaluation[],
  { recording, memory = new StateMemory() }: WriteOptions = {},
): Promise<void> {
  try {
    const known = await sql.begin((tx) =>
      writeRound(tx as unknown as Sql, target, evaluations, { recording, memory }),
    );
    for (const { checkId, evaluatedAt, objects } of known) memory.keep(checkId, evaluatedAt, objects);
  } catch (thrown) {
    memory.forget();
    throw thrown;
  }
}

interface Kept {
  checkId: string;
  evaluatedAt: Date;
  objects: KnownObjects;
}

interface Before {
  checkId: string;
  evaluatedAt: Date;
  repliedAt: Date | null;
}

/** @returns what stands of each check then */
async function writeRound(
  tx: Sql,
  target: string,
  evaluations: readonly Evaluation[],
  { recording, memory }: { recording: WriteOptions["recording"]; memory: StateMemory },
): Promise<Kept[]> {
  const now = evaluations[0]?.evaluatedAt;
  if (!now) return [];
  // Sent together: for what stays as it is a round trip costs more than these statements.
  const locking = lockEvaluations(tx, target);
  const record = recording?.record(tx, target);
  const [before, accepted] = await Promise.all([locking, writeEvaluations(tx, target, evaluations, now)]);
  const recalled = new Map(
    evaluations.map(({ check }) => [check.id, memory.recall(check.id, before.get(check.id)?.evaluatedAt)]),
  );
  if ([...recalled.values()].includes(undefined)) {
    await forgetOthers(
      tx,
      target,
      evaluations.map(({ check }) => check.id),
    );
    const stored = await readKeys(tx, target);
    for (const [checkId, known] of recalled)
      if (!known) recalled.set(checkId, stored.get(checkId) ?? nothingKnown);
  }
  const looks: AcceptedLook[] = [];
  const kept: Kept[] = [];
  const changes: Changes = { rows: [], gone: [], unseen: [] };
  for (const evaluation of evaluations) {
    const { check, answer, error } = evaluation;
    if (!accepted.has(check.id)) continue;
    const answered = answer && {
      keys: evaluation.keys ?? objectKeys(check, answer.objects),
      objects: answer.objects,
      complete: answer.complete,
    };
    const repliedBefore = before.get(check.id)?.repliedAt ?? null;
    looks.push({ check, answer: answered, error, repliedBefore });
    const known = recalled.get(check.id) ?? nothingKnown;
    if (!answered) {
      kept.push({ checkId: check.id, evaluatedAt: now, objects: known });
      continue;
    }
    const found = differ(answered, known);
    kept.push({ checkId: check.id, evaluatedAt: now, objects: found.known });
    changes.rows.push(...found.changed.map((place) => rowOf(evaluation, answered, place)));
    changes.gone.push(...found.gone.map((key) => ({ checkId: check.id, key })));
    changes.unseen.push(...found.unseen.map((key) => ({ checkId: check.id, key, seenAt: repliedBefore })));
  }
  await upsert(tx, target, changes.rows, now);
  await settleAbsent(tx, target, changes);
  if (recording)
    await record?.({
      target,
      now,
      looks,
      isCheck: (id) => recalled.has(id),
      patience: recording.patience,
    });
  return kept;
}

async function lockEvaluations(tx: Sql, target: string): Promise<Map<string, Before>> {
  const rows = await tx<Before[]>`
    select check_id as "checkId", evaluated_at as "evaluatedAt", replied_at as "repliedAt" from check_evaluation
    where target = ${target} order by check_id for update`;
  return new Map(rows.map((row) => [row.checkId, row]));
}

/** @returns ids of the checks whose evaluation was accepted */
async function writeEvaluations(
  tx: Sql,
  target: string,
  evaluations: readonly Evaluation[],
  now: Date,
): Promise<Set<string>> {
  // What is the same for all, or nothing, is left out: half of such a statement's cost is its text.
  const looks = evaluations.map((evaluation) => ({
    checkId: evaluation.check.id,
    tookMs: evaluation.tookMs,
    incomplete: evaluation.answer?.complete ? undefined : true,
    observedAt: evaluation.answer?.observedAt,
    error: evaluation.error ?? undefined,
    sight: sightOf(evaluation),
  }));
  const rows = await tx<{ checkId: string }[]>`
    insert into check_evaluation as stored
      (target, check_id, evaluated_at, observed_at, took_ms, complete, error, replied_at, answered_at, failures)
    select ${target}, "checkId", now, "observedAt", "tookMs", incomplete is null, error,
           case when error is null then now end, case when sight = 'judged' then now end, (sight = 'blind')::integer
    from jsonb_to_recordset(${storableJson(looks)}::text::jsonb) as look
      ("checkId" text, "observedAt" timestamptz, "tookMs" integer, incomplete boolean, error jsonb, sight text),
      cast(${now} as timestamptz) as now
    order by 2
    on conflict (target, check_id) do update
      set evaluated_at = excluded.evaluated_at, observed_at = excluded.observed_at, took_ms = excluded.took_ms,
          complete = excluded.complete, error = excluded.error,
          replied_at = coalesce(excluded.replied_at, stored.replied_at),
          answered_at = coalesce(excluded.answered_at, stored.answered_at),
          failures = case when excluded.failures > 0 then stored.failures + 1
                          when excluded.replied_at is not null then 0 else stored.failures end
      where stored.evaluated_at < excluded.evaluated_at or stored.evaluated_at > clock_timestamp()
    returning check_id as "checkId"`;
  return new Set(rows.map(({ checkId }) => checkId));
}

const good: readonly CheckState[] = ["ok", "notice", "warning", "critical"];

/** Whether a look judged anything, saw nothing, or need not: `unavailable` is no blindness, nor is a target that is down. */
function sightOf({ answer, error, skipped }: Evaluation): "judged" | "blind" | "excused" {
  if (error) return skipped ? "excused" : "blind";
  const objects = answer?.objects ?? [];
  if (objects.length === 0 || objects.some(({ state }) => good.includes(state))) return "judged";
  return objects.every(({ state }) => state === "unavailable") ? "excused" : "blind";
}

/** What is stored of each check's objects: their keys. */
async function readKeys(tx: Sql, target: string): Promise<Map<string, KnownObjects>> {
  const rows = await tx<{ checkId: string; key: string; confirmed: boolean }[]>`
    select check_id as "checkId", object_key as key, confirmed from check_state where target = ${target}`;
  const byCheck = Map.groupBy(rows, ({ checkId }) => checkId);
  return new Map(
    [...byCheck].map(([checkId, of]) => [
      checkId,
      { ...nothingKnown, others: new Map(of.map(({ key, confirmed }) => [key, confirmed])) },
    ]),
  );
}

type Row = ReturnType<typeof rowOf>;

interface Changes {
  rows: Row[];
  gone: { checkId: string; key: string }[];
  unseen: { checkId: string; key: string; seenAt: Date | null }[];
}

function rowOf(
  { check }: Evaluation,
  { keys, objects }: { keys: readonly string[]; objects: readonly ObjectState[] },
  place: number,
) {
  const object = objects[place] as ObjectState;
  return {
    checkId: check.id,
    objectKey: keys[place],
    object: object.object,
    state: object.state,
    value: object.value ?? undefined,
    unit: check.unit ?? undefined,
    threshold: object.threshold ?? undefined,
    since: object.since ?? undefined,
    words: object.words,
    path: object.path ?? check.path,
    unavailable: object.unavailable,
  };
}

async function upsert(tx: Sql, target: string, rows: readonly Row[], now: Date): Promise<void> {
  if (rows.length === 0) return;
  await tx`
    insert into check_state as stored
      (target, check_id, object_key, object, state, value, unit, threshold, since, evaluated_at, words, path, unavailable)
    select ${target}, "checkId", "objectKey", object, state, value, unit, threshold, coalesce(since, now), now, words, path,
           unavailable
    from jsonb_to_recordset(${storableJson(rows)}::text::jsonb) as row
      ("checkId" text, "objectKey" text, object jsonb, state text, value float8, unit text, threshold jsonb,
       since timestamptz, words jsonb, path text, unavailable jsonb),
      cast(${now} as timestamptz) as now
    order by 2, 3
    on conflict (target, check_id, object_key) do update
      set object = excluded.object, state = excluded.state, value = excluded.value, unit = excluded.unit,
          threshold = excluded.threshold, evaluated_at = excluded.evaluated_at, words = excluded.words,
          path = excluded.path, unavailable = excluded.unavailable, confirmed = true,
          since = case when stored.state = excluded.state then stored.since else excluded.since end`;
}

/** What an answer did not name: gone where the answer was complete, else not confirmed since it was last named. */
async function settleAbsent(tx: Sql, target: string, { gone, unseen }: Changes): Promise<void> {
  if (gone.length > 0)
    await tx`
      delete from check_state using jsonb_to_recordset(${storableJson(gone)}::text::jsonb) as gone ("checkId" text, key text)
      where target = ${target} and check_id = gone."checkId" and object_key = gone.key`;
  if (unseen.length > 0)
    await tx`
      update check_state set confirmed = false, evaluated_at = greatest(evaluated_at, unseen."seenAt")
      from jsonb_to_recordset(${storableJson(unseen)}::text::jsonb) as unseen ("checkId" text, key text, "seenAt" timestamptz)
      where target = ${target} and check_id = unseen."checkId" and object_key = unseen.key`;
}

async function forgetOthers(tx: Sql, target: string, checkIds: readonly string[]): Promise<void> {
  const ids = [...checkIds];
  await tx`delete from check_state where target = ${target} and not check_id = any(${ids})`;
  await tx`delete from check_evaluation where target = ${target} and not check_id = any(${ids})`;
}
