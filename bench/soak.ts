import { setTimeout as sleep } from "node:timers/promises";
import { getHeapStatistics } from "node:v8";
import postgres from "postgres";
import { connect } from "../lib/audit-db/connect.ts";
import { startCluster } from "../lib/testing/cluster.ts";
import { memoryInUse } from "../lib/testing/memory-in-use.ts";
import { median, report, step } from "./support/report.ts";

/**
 * One engine under mixed load for a long time: reads from the cache and past it, leases that are aborted, run out of
 * time or fail, sessions that somebody ends. The heap after collection, RSS and open handles are sampled; what grows
 * with traffic shows as a slope. `SOAK_MINUTES` (30) sets how long; the first fifth warms up and does not count.
 */
const minutes = Number(process.env.SOAK_MINUTES ?? 30);
const sampleMs = Math.max(1_000, (minutes * 60_000) / 180);
const limitMbPerHour = 8;
const silent = { debug() {}, info() {}, warn() {}, error() {} };

const cluster = await startCluster(18);
const admin = postgres(cluster.url, { max: 1, onnotice: () => {} });
const audit = connect({
  target: "soak",
  urls: { watch: cluster.url, read: cluster.url, write: cluster.url },
  applicationName: "soak",
  logger: silent,
});
/** `outsideMb`: what is resident outside of V8's heap, whose young generation takes its time to touch all its room. */
interface Sample {
  atHours: number;
  heapMb: number;
  rssMb: number;
  outsideMb: number;
  handles: number;
}
const samples: Sample[] = [];
const outcomes = { ok: 0, not: 0 };
const until = Date.now() + minutes * 60_000;
try {
  await Promise.all([...Array.from({ length: 8 }, (_, i) => load(i)), kill(), sample()]);
} finally {
  await audit.close();
  await admin.end({ timeout: 1 });
  await cluster.destroy();
}
const counted = samples.slice(Math.floor(samples.length / 5));
const slope = (of: (one: (typeof samples)[number]) => number) =>
  slopeOf(counted.map((one) => [one.atHours, of(one)]));
const heapSlope = slope((one) => one.heapMb);
step(
  `heap ${heapSlope.toFixed(2)} MB/h, RSS ${slope((one) => one.rssMb).toFixed(2)} MB/h, of it outside of the heap ${slope((one) => one.outsideMb).toFixed(2)}, handles ${slope((one) => one.handles).toFixed(2)}/h; ` +
    `median heap ${median(counted.map((one) => one.heapMb)).toFixed(1)} MB, RSS ${median(counted.map((one) => one.rssMb)).toFixed(0)} MB, handles ${median(counted.map((one) => one.handles))}`,
);
report({
  name: "soak",
  ratio: Math.max(0, heapSlope) / limitMbPerHour,
  aim: "<= 1.00",
  ours: `${heapSlope.toFixed(2)} MB of heap an hour over ${minutes} min and ${(outcomes.ok + outcomes.not).toLocaleString("en")} requests`,
  other: `limit ${limitMbPerHour} MB an hour`,
});

async function load(worker: number): Promise<void> {
  let turn = worker;
  while (Date.now() < until) {
    turn++;
    await act(turn).then(
      () => outcomes.ok++,
      () => outcomes.not++,
    );
    await sleep(15 + (turn % 7) * 5);
  }
}

function act(turn: number): Promise<unknown> {
  const purpose = turn % 3 === 0 ? "write" : "read";
  switch (turn % 8) {
    case 0:
      return audit.use(purpose, "soak.abort", (sql) => sql`select pg_sleep(5)`, {
        signal: AbortSignal.timeout(10),
      });
    case 1:
      return audit.use(purpose, "soak.error", (sql) => sql`select 1/0`);
    case 2:
      return audit.use(purpose, "soak.late", (sql) => sql`select pg_sleep(5)`, { timeoutMs: 15 });
    case 3:
      return audit.read({
        name: "soak.read",
        key: [turn % 500],
        source: "test",
        run: (sql) => sql`select repeat('x', 2000) as text`,
      });
    default:
      return audit.use(purpose, "soak.query", (sql) => sql`select ${turn}::int as turn`);
  }
}

/** Ends a session of ours every two seconds, as an administrator or a failing network does. */
async function kill(): Promise<void> {
  while (Date.now() < until) {
    await sleep(2_000);
    await admin`
      select pg_terminate_backend(pid) from pg_stat_activity
      where application_name = 'soak' order by random() limit 1`;
  }
}

async function sample(): Promise<void> {
  const began = Date.now();
  while (Date.now() < until) {
    await sleep(sampleMs);
    const { heap } = memoryInUse();
    const { rss } = process.memoryUsage();
    samples.push({
      atHours: (Date.now() - began) / 3_600_000,
      heapMb: heap / 1e6,
      rssMb: rss / 1e6,
      outsideMb: (rss - getHeapStatistics().total_physical_size) / 1e6,
      handles: process.getActiveResourcesInfo().length,
    });
    if (samples.length % 30 === 0)
      step(`${Math.round((Date.now() - began) / 60_000)} min: ${JSON.stringify(samples.at(-1))}`);
  }
}

/** Least squares. */
function slopeOf(points: readonly (readonly [x: number, y: number])[]): number {
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [x, y] = [mean(points.map((p) => p[0])), mean(points.map((p) => p[1]))];
  const over = points.reduce((sum, [px, py]) => sum + (px - x) * (py - y), 0);
  return over / points.reduce((sum, [px]) => sum + (px - x) ** 2, 0);
}
