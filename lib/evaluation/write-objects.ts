import type { Sql } from "postgres";
import type { ObjectState } from "../check.ts";
import { storableJson } from "../db/storable-json.ts";
import type { Evaluation } from "./evaluate-check.ts";
import { type KnownObjects, nothingKnown } from "./state-memory.ts";

/** What is stored of each check's objects: their keys. */
export async function readKeys(tx: Sql, target: string): Promise<Map<string, KnownObjects>> {
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

/** What becomes of the rows of a target's objects. */
export interface Changes {
  /** Those that stand. */
  renewed: Row[];
  /** Those that may. */
  rows: Row[];
  gone: { checkId: string; key: string }[];
  unseen: { checkId: string; key: string; seenAt: Date | null }[];
}

export function rowOf(
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

/** @returns whether every row stood that shall; when not, the transaction is to be undone */
export async function writeObjects(tx: Sql, target: string, changes: Changes, now: Date): Promise<boolean> {
  const renewed = await renew(tx, target, changes.renewed, now);
  await upsert(tx, target, changes.rows, now);
  await settleAbsent(tx, target, changes);
  return renewed;
}

async function renew(tx: Sql, target: string, rows: readonly Row[], now: Date): Promise<boolean> {
  if (rows.length === 0) return true;
  const moved = rows.map(({ object: _, unit: __, ...row }) => row);
  const [written] = await tx<{ count: number }[]>`
    with written as (
      update check_state as stored
      set state = row.state, value = row.value, threshold = row.threshold, evaluated_at = now, words = row.words,
          path = row.path, unavailable = row.unavailable, confirmed = true,
          since = case when stored.state = row.state then stored.since else coalesce(row.since, now) end
      from jsonb_to_recordset(${storableJson(moved)}::text::jsonb) as row
        ("checkId" text, "objectKey" text, state text, value float8, threshold jsonb, since timestamptz, words jsonb,
         path text, unavailable jsonb),
        cast(${now} as timestamptz) as now
      where stored.target = ${target} and stored.check_id = row."checkId" and stored.object_key = row."objectKey"
      returning 1)
    select count(*)::int from written`;
  return written?.count === rows.length;
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
