import type { Sql } from "postgres";
import { type ObjectSampler, othersKey } from "../types.ts";
import type { Catalogue } from "./catalogue.ts";
import type { ObjectBatch } from "./track-objects.ts";

/** Remembers the ids of objects already stored, so that a steady state asks for none. */
export interface ObjectIds {
  ids: Map<string, { id: number; seenAt: number; labelled: boolean }>;
}

const rememberedObjects = 20_000;
const lastSeenGrainMs = 3_600_000;
const maxLabelBytes = 64 * 1_024;

export function createObjectIds(): ObjectIds {
  return { ids: new Map() };
}

/**
 * Stores one slot of an object sampler; every object not stored before is registered.
 * @returns false when the slot has its sample already: then another leader took it, and nothing is changed.
 */
export async function writeObjects(
  sql: Sql,
  catalogue: Catalogue,
  known: ObjectIds,
  target: string,
  sampler: ObjectSampler,
  batch: ObjectBatch,
): Promise<boolean> {
  const [targetId, place] = await Promise.all([
    catalogue.target(target),
    catalogue.sampler({ form: "objects", ...sampler }),
  ]);
  await registerObjects(sql, known, targetId, place.samplerId, batch);
  const rows = batch.rows.flatMap(({ key, figures }) => {
    const object = known.ids.get(key);
    const placed: (number | null)[] = new Array(place.width).fill(null);
    figures.forEach((value, index) => {
      placed[place.positions[index] ?? -1] = value;
    });
    return object ? [{ o: object.id, f: placed }] : [];
  });
  const slot = new Date(batch.slot);
  const at = new Date(batch.at);
  const [stored] = await sql<{ written: boolean }[]>`
    with written as (
      insert into history.object_slot_raw (slot, at, covered_seconds, lost_share, target_id, sampler_id, keyframe)
      values (${slot}, ${at}, ${batch.coveredSeconds}, ${batch.lostShare}, ${targetId}, ${place.samplerId}, ${batch.keyframe})
      on conflict do nothing
      returning 1
    ), figures as (
      insert into history.object_raw (slot, object_id, target_id, sampler_id, figures)
      select ${slot}::timestamptz, row.o, ${targetId}::smallint, ${place.samplerId}::smallint, row.f
      from jsonb_to_recordset(${sql.json(rows)}) as row (o integer, f float8[]), written
      on conflict do nothing
    ), noted as (
      insert into history.collecting (target_id, sampler_id, since, newest_slot, newest_at)
      select ${targetId}::smallint, ${place.samplerId}::smallint, ${slot}::timestamptz, ${slot}::timestamptz, ${at}::timestamptz from written
      on conflict (target_id, sampler_id) do update
        set newest_slot = greatest(history.collecting.newest_slot, excluded.newest_slot),
            newest_at = greatest(history.collecting.newest_at, excluded.newest_at)
    )
    select exists (select from written) as written`;
  return stored?.written ?? false;
}

async function registerObjects(
  sql: Sql,
  known: ObjectIds,
  targetId: number,
  samplerId: number,
  batch: ObjectBatch,
): Promise<void> {
  if (known.ids.size > rememberedObjects) known.ids.clear();
  const stale = batch.rows
    .map(({ key }) => key)
    .filter((key) => batch.at - (known.ids.get(key)?.seenAt ?? 0) >= lastSeenGrainMs);
  if (stale.length === 0) return;
  const at = new Date(batch.at);
  const objects = await sql<{ id: number; key: string; labelled: boolean }[]>`
    insert into history.object (target_id, sampler_id, key, first_seen, last_seen)
    select ${targetId}::smallint, ${samplerId}::smallint, key, ${at}::timestamptz, ${at}::timestamptz from unnest(${stale}::text[]) as key
    on conflict (target_id, sampler_id, key) do update
      set last_seen = greatest(history.object.last_seen, excluded.last_seen)
    returning id, key, label is not null as labelled`;
  for (const { id, key, labelled } of objects) known.ids.set(key, { id, seenAt: batch.at, labelled });
}

/** Keys among those just stored that have no label yet; "others" never gets one. */
export function unlabelled(known: ObjectIds, batch: ObjectBatch): string[] {
  return batch.rows
    .map(({ key }) => key)
    .filter((key) => key !== othersKey && known.ids.get(key)?.labelled === false);
}

/** Stores labels of registered objects; one larger than 64 kB is left out. The first label given stays. */
export async function writeLabels(
  sql: Sql,
  known: ObjectIds,
  labels: Record<string, unknown>,
): Promise<void> {
  const rows = Object.entries(labels).flatMap(([key, label]) => {
    const object = known.ids.get(key);
    if (!object || label === undefined || label === null) return [];
    object.labelled = true;
    return JSON.stringify(label).length > maxLabelBytes ? [] : [{ id: object.id, label }];
  });
  if (rows.length === 0) return;
  await sql`
    update history.object o set label = row.label
    from jsonb_to_recordset(${sql.json(rows as never)}) as row (id integer, label jsonb)
    where o.id = row.id and o.label is null`;
}
