import type { Sql } from "postgres";
import { keptObjects } from "../retention.ts";
import { slotOf } from "../slots.ts";
import { othersKey } from "../types.ts";
import { type Collecting, lateSeconds } from "./roll-up-totals.ts";

interface ObjectRow {
  slot: Date;
  id: number;
  key: string;
  figures: (number | null)[];
}

interface SlotRow {
  slot: Date;
  at: Date;
  coveredSeconds: number | null;
  lostShare: number | null;
  keyframe: boolean;
}

export interface HourBatch {
  rows: { o: number; f: (number | null)[] }[];
  keyframe: boolean;
  coveredSeconds: number | null;
  lostShare: number | null;
  at: Date;
}

/** Rolls one hour of object samples up. @param rank position of the sampler's `rankBy`. @returns whether there may be more to do. */
export async function rollUpObjectHour(sql: Sql, of: Collecting, rank: number, now: Date): Promise<boolean> {
  const [first] = await sql<{ slot: Date | null }[]>`
    select min(slot) as slot from history.object_slot_raw
    where target_id = ${of.targetId} and sampler_id = ${of.samplerId} and slot >= ${of.hourUntil ?? of.since}`;
  if (!first?.slot) return false;
  const from = slotOf(first.slot.getTime(), 3_600);
  const until = from + 3_600_000;
  // The sample on the next hour ends this one's growth, and may be late.
  if (until > now.getTime() - 2 * lateSeconds * 1_000) return false;
  const within = sql`target_id = ${of.targetId} and sampler_id = ${of.samplerId}
    and slot >= ${new Date(from)} and slot <= ${new Date(until)}`;
  const slots = await sql<SlotRow[]>`
    select slot, at, covered_seconds as "coveredSeconds", lost_share as "lostShare", keyframe
    from history.object_slot_raw where ${within} order by slot`;
  const raw = await sql<ObjectRow[]>`
    select r.slot, r.object_id as id, o.key, to_json(r.figures) as figures
    from history.object_raw r join history.object o on o.id = r.object_id
    where r.target_id = ${of.targetId} and r.sampler_id = ${of.samplerId}
      and r.slot >= ${new Date(from)} and r.slot <= ${new Date(until)} order by r.slot`;
  const { carried, keyframe } = await carriedGauges(sql, of, from);
  const others = await othersId(sql, of, raw);
  const batch = rollUpObjects({ kinds: of.kinds, rank, from, until, slots, raw, others, carried, keyframe });
  await sql.begin(async (tx) => {
    await tx`
      insert into history.object_slot_hour (slot, at, covered_seconds, lost_share, target_id, sampler_id, keyframe)
      values (${new Date(from)}, ${batch.at}, ${batch.coveredSeconds}, ${batch.lostShare}, ${of.targetId}, ${of.samplerId}, ${batch.keyframe})
      on conflict do nothing`;
    await tx`
      insert into history.object_hour (slot, object_id, target_id, sampler_id, figures)
      select ${new Date(from)}::timestamptz, row.o, ${of.targetId}::smallint, ${of.samplerId}::smallint, row.f
      from jsonb_to_recordset(${tx.json(batch.rows)}) as row (o integer, f float8[])
      on conflict do nothing`;
    await tx`
      update history.collecting set hour_until = greatest(hour_until, ${new Date(until)})
      where target_id = ${of.targetId} and sampler_id = ${of.samplerId}`;
  });
  return true;
}

/**
 * Pure: an hour's growth and last gauges per object, the top ones by rank kept and the rest added to "others". Growth
 * of a slot lies before its sample: that of the sample on the hour is the hour's before, that on the next its own.
 */
function rollUpObjects(input: {
  kinds: readonly ("gauge" | "counter")[];
  rank: number;
  /** The hour, epoch milliseconds. */
  from: number;
  until: number;
  /** Its slots, and the one on the next hour. */
  slots: readonly SlotRow[];
  raw: readonly ObjectRow[];
  others: number | null;
  /** Gauges as the hour rows before tell them. */
  carried: ReadonlyMap<number, (number | null)[]>;
  keyframe: boolean;
  keep?: number;
}): HourBatch {
  const { kinds, rank, others, from, until } = input;
  const state = new Map<number, (number | null)[]>();
  const bySlot = Map.groupBy(input.raw, (row) => row.slot.getTime());
  for (const slot of input.slots) {
    const at = slot.slot.getTime();
    if (slot.keyframe && at < until) forgetGauges(state, kinds);
    for (const row of bySlot.get(at) ?? []) {
      const sums = state.get(row.id) ?? kinds.map(() => null);
      kinds.forEach((kind, index) => {
        const value = row.figures[index] ?? null;
        if (kind === "gauge") sums[index] = at < until ? value : (sums[index] ?? null);
        else if (value !== null && at > from) sums[index] = (sums[index] ?? 0) + value;
      });
      state.set(row.id, sums);
    }
  }
  const ranked = [...state]
    .filter(([id]) => id !== others)
    .sort(([, a], [, b]) => (b[rank] ?? -1) - (a[rank] ?? -1));
  const kept = ranked.slice(0, input.keep ?? keptObjects);
  const rest = ranked.slice(input.keep ?? keptObjects).map(([, figures]) => figures);
  const remaining = others === null ? undefined : state.get(others);
  if (others !== null && (remaining || rest.length > 0)) {
    const sums = remaining ?? kinds.map(() => null);
    for (const figures of rest)
      figures.forEach((value, index) => {
        if (value !== null) sums[index] = (sums[index] ?? 0) + value;
      });
    kept.push([others, sums]);
  }
  const worthIt = kept.filter(([id, figures]) =>
    figures.some((value, index) =>
      kinds[index] === "gauge"
        ? (input.keyframe && value !== null) || (input.carried.get(id)?.[index] ?? null) !== value
        : value !== null && value !== 0,
    ),
  );
  const keptIds = new Set(kept.map(([id]) => id));
  const gone = input.keyframe ? [] : [...input.carried.keys()].filter((id) => !keptIds.has(id));
  const grown = input.slots.filter(
    ({ slot, coveredSeconds }) => slot.getTime() > from && coveredSeconds !== null,
  );
  const covered = grown.reduce((sum, { coveredSeconds }) => sum + (coveredSeconds ?? 0), 0);
  const lost = grown.reduce((sum, slot) => sum + (slot.coveredSeconds ?? 0) * (slot.lostShare ?? 0), 0);
  return {
    rows: [...worthIt.map(([o, f]) => ({ o, f })), ...gone.map((o) => ({ o, f: kinds.map(() => null) }))],
    keyframe: input.keyframe,
    coveredSeconds: grown.length > 0 ? covered : null,
    lostShare: lost > 0 && covered > 0 ? lost / covered : null,
    at: input.slots.at(-1)?.at ?? new Date(0),
  };
}

/** A keyframe tells every kept object anew, so gauges not told in it are unknown; growth so far stays. */
function forgetGauges(state: Map<number, (number | null)[]>, kinds: readonly string[]): void {
  for (const figures of state.values()) {
    kinds.forEach((kind, index) => {
      if (kind === "gauge") figures[index] = null;
    });
  }
}

/** Gauges known before an hour, from the hour rows since the day's keyframe; none when this hour is to be one. */
async function carriedGauges(
  sql: Sql,
  of: Collecting,
  from: number,
): Promise<{ carried: Map<number, (number | null)[]>; keyframe: boolean }> {
  const carried = new Map<number, (number | null)[]>();
  if (!of.kinds.includes("gauge")) return { carried, keyframe: false };
  const [last] = await sql<{ slot: Date | null }[]>`
    select max(slot) as slot from history.object_slot_hour
    where target_id = ${of.targetId} and sampler_id = ${of.samplerId} and keyframe
      and slot >= ${new Date(slotOf(from, 86_400))} and slot < ${new Date(from)}`;
  if (!last?.slot) return { carried, keyframe: true };
  const rows = await sql<{ id: number; figures: (number | null)[] }[]>`
    select object_id as id, to_json(figures) as figures from history.object_hour
    where target_id = ${of.targetId} and sampler_id = ${of.samplerId}
      and slot >= ${last.slot} and slot < ${new Date(from)} order by slot`;
  for (const { id, figures } of rows) {
    const gauges = of.kinds.map((kind, index) => (kind === "gauge" ? (figures[index] ?? null) : null));
    if (gauges.every((value) => value === null)) carried.delete(id);
    else carried.set(id, gauges);
  }
  return { carried, keyframe: false };
}

/** The id under which "others" are stored; made when a roll-up is the first to need it. */
async function othersId(sql: Sql, of: Collecting, raw: readonly ObjectRow[]): Promise<number | null> {
  const told = raw.find((row) => row.key === othersKey);
  if (told) return told.id;
  if (new Set(raw.map((row) => row.id)).size <= keptObjects) return null;
  const [row] = await sql<{ id: number }[]>`
    insert into history.object (target_id, sampler_id, key, first_seen, last_seen)
    values (${of.targetId}, ${of.samplerId}, ${othersKey}, now(), now())
    on conflict (target_id, sampler_id, key) do update set last_seen = excluded.last_seen
    returning id`;
  return row?.id ?? null;
}
