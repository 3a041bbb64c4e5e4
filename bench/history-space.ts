import postgres from "postgres";
import { partitionedTables } from "../lib/collector/retention.ts";
import { createPartitions } from "../lib/collector/roll-up/maintain-partitions.ts";
import { rollUp } from "../lib/collector/roll-up/roll-up.ts";
import { type Catalogue, createCatalogue } from "../lib/collector/sampling/catalogue.ts";
import { createObjectTracker, type ObjectTracker } from "../lib/collector/sampling/track-objects.ts";
import {
  createObjectIds,
  type ObjectIds,
  unlabelled,
  writeLabels,
  writeObjects,
} from "../lib/collector/sampling/write-objects.ts";
import { writeTotals } from "../lib/collector/sampling/write-totals.ts";
import type { ObjectSample, ObjectSampler, SeriesDefinition, TotalsSampler } from "../lib/collector/types.ts";
import { migrateConsole } from "../lib/db/migrate.ts";
import { samplers } from "../lib/samplers.ts";
import { startCluster } from "../lib/testing/cluster.ts";
import { report, step } from "./support/report.ts";

/**
 * Bytes the history of one busy target takes in the console database once every retention is full (13 months in).
 * Two days of a target with 5,000 statements and 1,000 partitions is written at an accelerated clock through the
 * product's own samplers' definitions, tracker, store and roll-up; only the figures are made up. Each table is
 * then measured with its indexes and scaled to the longest span it ever holds: its retention and one partition.
 */
const limitBytes = 2 * 1024 ** 3;
const days = 2;
const start = Date.UTC(2026, 0, 10);
const end = start + days * 86_400_000;

/** Objects a sampler sees, and how many of them are busy in any one sample. */
const crowds: Record<string, { objects: number; busy: number; newPerDay: number; labelBytes: number }> = {
  statements: { objects: 5_000, busy: 1_200, newPerDay: 50, labelBytes: 600 },
  tables: { objects: 500, busy: 60, newPerDay: 1, labelBytes: 0 },
  partitions: { objects: 1_000, busy: 20, newPerDay: 1, labelBytes: 0 },
};
const otherCrowd = { objects: 60, busy: 30, newPerDay: 0, labelBytes: 0 };

let seed = 42;
/** Repeatable: the same figures in every run. */
function random(): number {
  seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
  return seed / 2_147_483_648;
}

const cluster = await startCluster(18);
const sql = postgres(cluster.url, { max: 4, onnotice: () => {} });
try {
  await migrateConsole(cluster.url);
  const began = Date.now();
  const before = await sizes();
  await simulate(createCatalogue(sql));
  step(`${days} day(s) of samples written and rolled up in ${Math.round((Date.now() - began) / 1_000)} s`);
  const after = await sizes();
  let total = 0;
  for (const table of partitionedTables) {
    const grown = (after.get(table.table) ?? 0) - (before.get(table.table) ?? 0);
    const heldSeconds = table.keepSeconds + table.intervalSeconds;
    const full = (grown / (days * 86_400)) * heldSeconds;
    total += full;
    step(
      `  ${table.table}: ${mb(grown / days)} a day × ${(heldSeconds / 86_400).toFixed(2)} days held = ${mb(full)}`,
    );
  }
  const [objects] = await sql<{ bytes: number; count: number }[]>`
    select pg_total_relation_size('history.object')::float8 as bytes, count(*)::int as count from history.object`;
  const perObject = (objects?.bytes ?? 0) / (objects?.count ?? 1);
  const ever = Object.values(crowds).reduce((sum, c) => sum + c.objects + c.newPerDay * 427, 0);
  total += perObject * ever;
  step(
    `  object: ${Math.round(perObject)} bytes × ${ever} objects ever kept, with their labels = ${mb(perObject * ever)}`,
  );
  report({
    name: "history-space",
    ratio: total / limitBytes,
    aim: "<= 1.00",
    ours: `${(total / 1024 ** 3).toFixed(2)} GB for 13 months of 5,000 statements and 1,000 partitions`,
    other: "limit 2 GB",
  });
} finally {
  await sql.end();
  await cluster.destroy();
}

async function simulate(catalogue: Catalogue): Promise<void> {
  const totals = samplers.filter((s) => s.form === "totals").map((sampler) => totalsFeed(catalogue, sampler));
  const objects = samplers
    .filter((s) => s.form === "objects")
    .map((sampler) => objectsFeed(catalogue, sampler));
  let toldHour = start;
  for (let now = start; now < end; now += 10_000) {
    if (now % 21_600_000 === 0) await createPartitions(sql, new Date(now));
    await Promise.all([...totals, ...objects].map((feed) => feed(now)));
    if (now - toldHour < 3_600_000) continue;
    toldHour = now;
    while (await rollUp(sql, new Date(now))) {}
    if (((now - start) / 3_600_000) % 6 === 0) step(`hour ${(now - start) / 3_600_000} of ${days * 24}`);
  }
  await createPartitions(sql, new Date(end));
  while (await rollUp(sql, new Date(end + 120_000))) {}
}

type Feed = (now: number) => Promise<void>;

function totalsFeed(catalogue: Catalogue, sampler: { form: "totals" } & TotalsSampler): Feed {
  const values: Record<string, number> = {};
  return async (now) => {
    if (now % (sampler.everySeconds * 1_000) !== 0) return;
    for (const series of sampler.series) values[series.name] = moved(series, values[series.name] ?? 1_000);
    await writeTotals(sql, catalogue, {
      target: "busy",
      sampler,
      slot: now,
      at: now + 37,
      values,
      countsSince: null,
    });
  };
}

function objectsFeed(catalogue: Catalogue, sampler: { form: "objects" } & ObjectSampler): Feed {
  const crowd = crowds[sampler.name] ?? otherCrowd;
  const tracker: ObjectTracker = createObjectTracker(sampler);
  const ids: ObjectIds = createObjectIds();
  const people = Array.from({ length: crowd.objects }, (_, i) => newObject(sampler, i));
  let born = crowd.objects;
  return async (now) => {
    if (now % (sampler.everySeconds * 1_000) !== 0) return;
    const perSample = (crowd.newPerDay * sampler.everySeconds) / 86_400;
    if (random() < perSample) people[Math.floor(random() * people.length)] = newObject(sampler, born++);
    for (let i = 0; i < crowd.busy; i++) {
      // A few are always busy, most only now and then: the share falls with the square of the rank.
      const chosen = people[Math.floor(random() ** 2 * people.length)];
      if (!chosen) continue;
      for (const metric of sampler.metrics)
        chosen.values[metric.name] = moved(metric, chosen.values[metric.name] ?? 0);
    }
    const { batch, commit } = tracker.next(now, now + 37, people);
    await writeObjects(sql, catalogue, ids, "busy", sampler, batch);
    commit();
    if (crowd.labelBytes === 0) return;
    const keys = unlabelled(ids, batch);
    await writeLabels(
      sql,
      ids,
      Object.fromEntries(keys.map((key) => [key, { text: text(crowd.labelBytes) }])),
    );
  };
}

function newObject(sampler: ObjectSampler, index: number): ObjectSample & { values: Record<string, number> } {
  const key =
    sampler.name === "statements"
      ? `16384/10/${(index + 1) * 715_827_882_123}/true`
      : `audit.${sampler.name}_${index}`;
  return {
    key,
    values: Object.fromEntries(sampler.metrics.map((m) => [m.name, Math.floor(random() * 1e9)])),
  };
}

/** A figure a moment later: whole counts and bytes, times with a fraction. */
function moved(series: SeriesDefinition, value: number): number {
  const by = random() * 1_000;
  const change = series.unit === "ms" ? by : Math.round(by);
  return series.kind === "counter" ? value + change : Math.max(0, value + change - 500);
}

/** No two alike, so that compression gains no more than it would on real statements. */
function text(bytes: number): string {
  let made = "";
  while (made.length < bytes) made += `${random().toString(36).slice(2)} `;
  return made.slice(0, bytes);
}

/** Bytes of each partitioned table with its indexes. */
async function sizes(): Promise<Map<string, number>> {
  const rows = await sql<{ name: string; bytes: number }[]>`
    select p.relname as name, sum(pg_total_relation_size(i.inhrelid))::float8 as bytes
    from pg_inherits i join pg_class p on p.oid = i.inhparent
    where p.relnamespace = 'history'::regnamespace and p.relkind = 'p'
    group by p.relname`;
  return new Map(rows.map((row) => [row.name, row.bytes]));
}

function mb(bytes: number): string {
  return `${(bytes / 1024 ** 2).toFixed(1)} MB`;
}
