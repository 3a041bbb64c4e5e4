import { setTimeout as sleep } from "node:timers/promises";
import postgres from "postgres";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { connect } from "../../audit-db/connect.ts";
import type { AuditDb } from "../../audit-db/types.ts";
import { openConsoleDb } from "../../db/console-db.ts";
import { migrateConsole } from "../../db/migrate.ts";
import { createLeadership } from "../../duties/leadership.ts";
import { createLogger } from "../../log/log.ts";
import { startCluster } from "../../testing/cluster.ts";
import { createDatabase, type TestDatabase } from "../../testing/database.ts";
import { collectTarget } from "../sampling/collect-target.ts";
import type { Sampler } from "../types.ts";
import { createHistory } from "./history.ts";

const logger = createLogger({ level: "silent", name: "test" });
let state: TestDatabase;
let watched: TestDatabase;
let audit: AuditDb;

beforeAll(async () => {
  [state, watched] = await Promise.all([
    createDatabase({ template: "console" }),
    createDatabase({ template: "empty", server: 15 }),
  ]);
  audit = connect({ target: "told", urls: { watch: watched.url }, logger });
});
afterAll(async () => {
  await audit.close();
  await state.drop();
  await watched.drop();
});

const commits: Sampler = {
  form: "totals",
  name: "commits",
  // The product's cadences are 10 s and more; tests do not wait that long.
  everySeconds: 1 as 10,
  series: [{ name: "commits.count", kind: "counter", unit: "count" }],
  async sample(db) {
    const { data } = await db.read({
      name: "test.commits",
      source: "pg_stat_database",
      ttlMs: 0,
      run: (sql) => sql<{ count: number; since: Date | null }[]>`
        select xact_commit::float8 as count, stats_reset as since
        from pg_stat_database where datname = current_database()`,
    });
    return { values: { "commits.count": data[0]?.count ?? null }, countsSince: data[0]?.since ?? null };
  },
};

const recent = () => ({ from: new Date(Date.now() - 3_600_000), to: new Date(Date.now() + 60_000) });
const sampled = async (sql: TestDatabase["sql"]) => {
  const [row] = await sql<{ count: number }[]>`select count(*)::int as count from history.total_raw`;
  return row?.count ?? 0;
};

test("somebody's reset of the statistics is told once and reads as a gap; so is a time without any worker", async () => {
  const history = createHistory(state.sql);
  await watched.sql`select pg_stat_reset()`;
  const first = new AbortController();
  const running = collectTarget({ sql: state.sql, audit, samplers: [commits], logger }, first.signal);
  await vi.waitFor(async () => expect(await sampled(state.sql)).toBeGreaterThan(2), { timeout: 30_000 });
  await watched.sql`select pg_stat_reset()`;
  await vi.waitFor(
    async () =>
      expect(await history.events("told", recent())).toMatchObject([
        { kind: "stats_reset", title: "Statistics began anew: commits", severity: "info" },
      ]),
    { timeout: 30_000, interval: 200 },
  );
  const then = await sampled(state.sql);
  await vi.waitFor(async () => expect(await sampled(state.sql)).toBeGreaterThan(then + 3), {
    timeout: 30_000,
  });
  first.abort();
  await running;
  const read = await history.totals("told", ["commits.count"], recent());
  const rates = read.series["commits.count"]?.flatMap(([, value]) => (value === null ? [] : [value])) ?? [];
  expect(rates.length).toBeGreaterThan(0);
  expect(Math.min(...rates)).toBeGreaterThanOrEqual(0);

  // Two minutes pass without a worker.
  await state.sql`update history.total_raw set slot = slot - interval '2 min', at = at - interval '2 min'`;
  const second = new AbortController();
  const again = collectTarget({ sql: state.sql, audit, samplers: [commits], logger }, second.signal);
  await vi.waitFor(
    async () => {
      const events = await history.events("told", recent());
      expect(events.map((event) => event.kind).toSorted()).toEqual(["collector", "stats_reset"]);
      const gap = events.find((event) => event.kind === "collector");
      expect((gap?.endedAt?.getTime() ?? 0) - (gap?.at.getTime() ?? 0)).toBeGreaterThan(100_000);
    },
    { timeout: 30_000, interval: 200 },
  );
  second.abort();
  await again;
});

test("a restart of the console database costs samples, not the collector", async () => {
  const cluster = await startCluster(15);
  await migrateConsole(cluster.url);
  const console = openConsoleDb(cluster.url);
  const leadership = createLeadership({
    url: cluster.url,
    holder: "one",
    logger,
    // The outage is longer than a leader waits for its renewals.
    timing: { tickMs: 300, giveUpMs: 1_000, leaseSeconds: 2 },
  });
  leadership.lead("collector", "told", (signal) =>
    collectTarget({ sql: console.sql, audit, samplers: [commits], logger }, signal),
  );
  try {
    await vi.waitFor(async () => expect(await sampled(console.sql)).toBeGreaterThan(1), { timeout: 30_000 });
    await cluster.stop("immediate");
    await sleep(1_500);
    await cluster.start();
    const look = postgres(cluster.url, { max: 1, onnotice: () => {} });
    const before = await sampled(look);
    await vi.waitFor(async () => expect(await sampled(look)).toBeGreaterThan(before + 1), {
      timeout: 30_000,
      interval: 250,
    });
    await look.end();
  } finally {
    await leadership.stop();
    await console.close();
    await cluster.destroy();
  }
});
