import type { Sql } from "postgres";
import { type Amount, addAmounts, nothing, type RawSample } from "../amount.ts";
import { placeSamples } from "../place-samples.ts";
import { slotOf } from "../slots.ts";

/** A sampler on a target, and how far it is rolled up. */
export interface Collecting {
  targetId: number;
  samplerId: number;
  everySeconds: number;
  since: Date;
  minuteUntil: Date | null;
  hourUntil: Date | null;
  kinds: ("gauge" | "counter")[];
}

/** A sample may be stored this much after its slot began; later ones are refused by the loop. */
export const lateSeconds = 60;
/** Work per call: at most 6 h of raw samples, or 7 d of minutes. */
const minuteRunSeconds = 6 * 3_600;
const hourRunSeconds = 7 * 86_400;

/** Rolls raw samples up to minutes, and moves `of.minuteUntil`. @returns whether there may be more to do. */
export async function rollUpMinutes(sql: Sql, of: Collecting, now: Date): Promise<boolean> {
  const start = await firstSlot(sql, "total_raw", of, of.minuteUntil ?? of.since);
  // A minute's growth ends with the sample after it, which may be late as well.
  const ready = slotOf(now.getTime() - (lateSeconds + of.everySeconds) * 1_000, 60);
  if (start === null) return false;
  const from = slotOf(start, 60);
  const until = Math.min(ready, from + minuteRunSeconds * 1_000);
  if (until <= from) return false;
  const samples = await readRaw(sql, of, from, until);
  const buckets = new Map<number, Amount[]>();
  placeSamples(of.kinds, samples, of.everySeconds, { from, until }, (slot, amounts) =>
    add(buckets, slotOf(slot, 60), amounts),
  );
  await store(sql, "minute", of, buckets, until);
  of.minuteUntil = new Date(until);
  return until < ready;
}

/** Rolls minutes up to hours. @returns whether there may be more to do. */
export async function rollUpHours(sql: Sql, of: Collecting): Promise<boolean> {
  if (!of.minuteUntil) return false;
  const start = await firstSlot(sql, "total_minute", of, of.hourUntil ?? of.since);
  const ready = slotOf(of.minuteUntil.getTime(), 3_600);
  if (start === null) return false;
  const from = slotOf(start, 3_600);
  const until = Math.min(ready, from + hourRunSeconds * 1_000);
  if (until <= from) return false;
  const rows = await sql<StoredAmounts[]>`
    select slot, to_json(amounts) as amounts, to_json(weights) as weights, to_json(lows) as lows,
           to_json(highs) as highs
    from history.total_minute
    where target_id = ${of.targetId} and sampler_id = ${of.samplerId}
      and slot >= ${new Date(from)} and slot < ${new Date(until)}
    order by slot`;
  const buckets = new Map<number, Amount[]>();
  for (const row of rows) add(buckets, slotOf(row.slot.getTime(), 3_600), amountsOfRow(row));
  await store(sql, "hour", of, buckets, until);
  return until < ready;
}

export interface StoredAmounts {
  slot: Date;
  amounts: (number | null)[];
  weights: (number | null)[];
  lows: (number | null)[];
  highs: (number | null)[];
}

function amountsOfRow(row: StoredAmounts): Amount[] {
  return row.amounts.map((amount, index) => ({
    amount: amount ?? 0,
    weight: row.weights[index] ?? 0,
    low: row.lows[index] ?? null,
    high: row.highs[index] ?? null,
  }));
}

/** Raw samples of a span, and the one after it (its growth is the span's), oldest first. */
async function readRaw(sql: Sql, of: Collecting, from: number, until: number): Promise<RawSample[]> {
  const rows = await sql<{ slot: Date; at: Date; countsSince: Date | null; figures: (number | null)[] }[]>`
    select slot, at, counts_since as "countsSince", to_json(figures) as figures from history.total_raw
    where target_id = ${of.targetId} and sampler_id = ${of.samplerId}
      and slot >= ${new Date(from)} and slot < ${new Date(until + of.everySeconds * 1_000)}
    order by slot`;
  return rows.map((row) => ({
    slot: row.slot.getTime(),
    at: row.at.getTime(),
    countsSince: row.countsSince?.getTime() ?? null,
    figures: row.figures,
  }));
}

/** Skips what was never sampled, so that a long pause costs one look. */
async function firstSlot(
  sql: Sql,
  table: "total_raw" | "total_minute",
  of: Collecting,
  from: Date,
): Promise<number | null> {
  const [row] = await sql<{ slot: Date | null }[]>`
    select min(slot) as slot from ${sql(`history.${table}`)}
    where target_id = ${of.targetId} and sampler_id = ${of.samplerId} and slot >= ${from}`;
  return row?.slot?.getTime() ?? null;
}

function add(buckets: Map<number, Amount[]>, bucket: number, amounts: readonly Amount[]): void {
  const known = buckets.get(bucket);
  if (!known) buckets.set(bucket, [...amounts]);
  else
    amounts.forEach((amount, index) => {
      known[index] = addAmounts(known[index] ?? nothing, amount);
    });
}

/** Stores whole buckets and how far they reach in one transaction; doing it again changes nothing. */
async function store(
  sql: Sql,
  tier: "minute" | "hour",
  of: Collecting,
  buckets: ReadonlyMap<number, readonly Amount[]>,
  until: number,
): Promise<void> {
  const rows = [...buckets].map(([slot, amounts]) => ({
    slot: new Date(slot).toISOString(),
    a: amounts.map((x) => (x.weight > 0 ? x.amount : null)),
    w: amounts.map((x) => (x.weight > 0 ? x.weight : null)),
    l: trimmed(amounts.map((x) => x.low)),
    h: trimmed(amounts.map((x) => x.high)),
  }));
  await sql.begin(async (tx) => {
    await tx`
      insert into ${tx(`history.total_${tier}`)} (slot, target_id, sampler_id, amounts, weights, lows, highs)
      select row.slot, ${of.targetId}::smallint, ${of.samplerId}::smallint, row.a, row.w, row.l, row.h
      from jsonb_to_recordset(${tx.json(rows)})
        as row (slot timestamptz, a float8[], w real[], l float8[], h float8[])
      on conflict (target_id, sampler_id, slot) do update
        set amounts = excluded.amounts, weights = excluded.weights, lows = excluded.lows, highs = excluded.highs`;
    const column = tx(`${tier}_until`);
    await tx`
      update history.collecting set ${column} = greatest(${column}, ${new Date(until)})
      where target_id = ${of.targetId} and sampler_id = ${of.samplerId}`;
  });
}

/** Without nulls at the end: a sampler of counters alone stores no bounds at all. */
function trimmed(values: (number | null)[]): (number | null)[] {
  let length = values.length;
  while (length > 0 && values[length - 1] === null) length -= 1;
  return values.slice(0, length);
}
