import { setTimeout as sleep } from "node:timers/promises";
import postgres from "postgres";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { connect } from "../../audit-db/connect.ts";
import type { AuditDb } from "../../audit-db/types.ts";
import { createLeadership, type Leadership } from "../../duties/leadership.ts";
import { createLogger } from "../../log/log.ts";
import { type Cluster, startCluster } from "../../testing/cluster.ts";
import { createDatabase, type TestDatabase } from "../../testing/database.ts";
import { noCacheStats } from "../../testing/no-cache-stats.ts";
import { createHistory } from "../history/history.ts";
import type { Sampler } from "../types.ts";
import { collectTarget } from "./collect-target.ts";
import { consoleBoard } from "./instance-board.ts";
import { listInstances, listLiveInstances, publishInstance } from "./instances.ts";

const logger = createLogger({ level: "silent", name: "test" });
/** The product's cadences are 10 s and more; tests do not wait that long. */
const everySecond = 1 as 10;
/** A fifth of the product's, which the workers' own test waits for. */
const timing = { tickMs: 400, giveUpMs: 1_600, leaseSeconds: 2 };
let database: TestDatabase;
let cluster: Cluster;
const leaders: Leadership[] = [];
const engines: AuditDb[] = [];

beforeAll(async () => {
  [database, cluster] = await Promise.all([createDatabase({ template: "console" }), startCluster(18)]);
  const admin = postgres(cluster.url, { max: 1, onnotice: () => {} });
  await admin`create extension pg_stat_statements`;
  await admin.end();
});
afterEach(async () => {
  await Promise.all(leaders.splice(0).map((leader) => leader.stop()));
  await Promise.all(engines.splice(0).map((engine) => engine.close()));
});
afterAll(async () => {
  await database.drop();
  await cluster.destroy();
});

const backends: Sampler = {
  form: "totals",
  name: "backends",
  everySeconds: everySecond,
  series: [
    { name: "backends.count", kind: "gauge", unit: "count" },
    { name: "backends.commits", kind: "counter", unit: "count" },
  ],
  async sample(audit) {
    const { data } = await audit.read({
      name: "test.backends",
      source: "pg_stat_database",
      ttlMs: 0,
      run: (sql) => sql<{ count: number; commits: number }[]>`
        select sum(numbackends)::int as count, sum(xact_commit)::float8 as commits from pg_stat_database`,
    });
    return {
      values: { "backends.count": data[0]?.count ?? null, "backends.commits": data[0]?.commits ?? null },
    };
  },
};

function engine(target: string): AuditDb {
  const audit = connect({ target, urls: { watch: cluster.url }, logger });
  engines.push(audit);
  return audit;
}

function worker(name: string, target: string, samplers: readonly Sampler[], led: string[] = []): Leadership {
  const leadership = createLeadership({ url: database.url, holder: name, logger, timing });
  const audit = engine(target);
  leadership.lead("collector", target, (signal) => {
    led.push(name);
    return collectTarget({ sql: database.sql, audit, samplers, logger }, signal);
  });
  leaders.push(leadership);
  return leadership;
}

async function slots(target: string): Promise<number[]> {
  const rows = await database.sql<{ slot: Date }[]>`
    select slot from history.total_raw r join history.target t on t.id = r.target_id
    join history.sampler s on s.id = r.sampler_id
    where t.name = ${target} and s.name = 'backends' order by slot`;
  return rows.map((row) => row.slot.getTime());
}

/** The collector goes on through so many whole rounds. */
async function roundsGoBy(target: string, rounds: number): Promise<void> {
  const seen = new Set<number>();
  await vi.waitFor(
    async () => {
      const [row] = await database.sql<{ at: Date }[]>`
        select at from history.heartbeat where target = ${target}`;
      if (row) seen.add(row.at.getTime());
      // The one that stood there before, and one that was under way.
      expect(seen.size).toBeGreaterThan(rounds + 1);
    },
    { timeout: 30_000, interval: 50 },
  );
}

const backendOf = async (holder: string) =>
  (
    await database.sql<
      { pid: number }[]
    >`select backend_pid as pid from history.leader where holder = ${holder}`
  )[0]?.pid ?? 0;

/** A follower, whose last question is whether the leader hangs, has asked so three times. */
async function refusedThrice(): Promise<void> {
  const asked = new Set<number>();
  await vi.waitFor(
    async () => {
      const rows = await database.sql<{ at: Date }[]>`
        select query_start as at from pg_stat_activity
        where datname = current_database() and application_name like '%leadership'
          and query like '%pg_terminate_backend%'`;
      for (const { at } of rows) asked.add(at.getTime());
      expect(asked.size).toBeGreaterThanOrEqual(3);
    },
    { timeout: 30_000, interval: 50 },
  );
}

describe("leadership", () => {
  test("two workers at once lead one target once, and take over when the leader's session is killed", async () => {
    const led: string[] = [];
    worker("first", "lead", [backends], led);
    await vi.waitFor(() => expect(led).toEqual(["first"]), 30_000);
    worker("second", "lead", [backends], led);
    await refusedThrice();
    expect(led).toEqual(["first"]);
    const killedAt = Date.now();
    // The first is kept from coming back at once by losing its turn: it retries as a follower.
    await database.sql`select pg_terminate_backend(${await backendOf("first")})`;
    await vi.waitFor(() => expect(led.length).toBe(2), { timeout: 30_000, interval: 100 });
    expect(Date.now() - killedAt).toBeLessThan(20_000);
    const before = await slots("lead");
    await vi.waitFor(async () => expect((await slots("lead")).length).toBeGreaterThan(before.length + 1), {
      timeout: 30_000,
    });
    const all = await slots("lead");
    expect(new Set(all).size).toBe(all.length);
  });

  test("a leader that ends cleanly is replaced, and so is one that hangs with its socket open", async () => {
    const led: string[] = [];
    const first = createLeadership({ url: database.url, holder: "clean", logger, timing });
    first.lead("duty", "hang", async (signal) => {
      led.push("clean");
      await sleep(60_000, undefined, { signal }).catch(() => {});
    });
    await vi.waitFor(() => expect(led).toEqual(["clean"]), 30_000);
    await first.stop();

    // A process that hangs: it holds the lock and the lease on an open connection, and renews nothing.
    const hung = postgres(database.url, { max: 1, onnotice: () => {} });
    await hung`select pg_advisory_lock(hashtextextended('duty:hang', 0))`;
    await hung`
      insert into history.leader (duty, target, holder, backend_pid, since, renewed_at)
      values ('duty', 'hang', 'hung', pg_backend_pid(), now(), now())
      on conflict (duty, target) do update
        set holder = 'hung', backend_pid = excluded.backend_pid, renewed_at = now()`;
    const [hungAt] = await database.sql`select renewed_at as at from history.leader where holder = 'hung'`;
    const second = createLeadership({ url: database.url, holder: "successor", logger, timing });
    leaders.push(second);
    second.lead("duty", "hang", async (signal) => {
      led.push("successor");
      await sleep(60_000, undefined, { signal }).catch(() => {});
    });
    await refusedThrice();
    expect(led).toEqual(["clean"]);
    await vi.waitFor(() => expect(led).toEqual(["clean", "successor"]), { timeout: 30_000, interval: 50 });
    const [leader] = await database.sql<{ holder: string; afterSeconds: number }[]>`
      select holder, extract(epoch from since - ${hungAt?.at})::float8 as "afterSeconds"
      from history.leader where duty = 'duty' and target = 'hang'`;
    expect(leader?.holder).toBe("successor");
    expect(leader?.afterSeconds).toBeGreaterThanOrEqual(timing.leaseSeconds);
    expect(leader?.afterSeconds).toBeLessThan(20);
    await hung.end({ timeout: 0 });
  });
});

describe("collecting", () => {
  test("two collectors without any leader still never double a sample; a failing and a hanging one stop nobody", async () => {
    const failing: Sampler = {
      ...backends,
      form: "totals",
      name: "failing",
      sample: () => Promise.reject(new Error("no")),
    };
    const hanging: Sampler = {
      ...backends,
      form: "totals",
      name: "hanging",
      sample: () => new Promise<never>(() => {}),
    };
    const stop = new AbortController();
    const audits = [engine("both"), engine("both")];
    await Promise.all(
      audits.map((audit) => vi.waitFor(() => expect(audit.status().state).toBe("up"), 30_000)),
    );
    const running = audits.map((audit) =>
      collectTarget(
        { sql: database.sql, audit, samplers: [failing, hanging, backends], logger },
        stop.signal,
      ),
    );
    await vi.waitFor(async () => expect((await slots("both")).length).toBeGreaterThanOrEqual(4), 30_000);
    stop.abort();
    await Promise.all(running);
    const taken = await slots("both");
    expect(new Set(taken).size).toBe(taken.length);
    expect(taken.every((slot) => slot % 1_000 === 0)).toBe(true);
    const read = await createHistory(database.sql).totals("both", ["collector.probes", "collector.execMs"], {
      from: new Date(Date.now() - 120_000),
      to: new Date(),
    });
    expect(read.collectingSince).not.toBeNull();
  });

  test("an outage is recorded while it lasts and ended when it is over, and the restart is told", async () => {
    worker("outage", "outage", [backends]);
    const events = () =>
      createHistory(database.sql).events("outage", {
        from: new Date(Date.now() - 600_000),
        to: new Date(Date.now() + 60_000),
      });
    await vi.waitFor(async () => expect((await slots("outage")).length).toBeGreaterThan(1), 30_000);
    await vi.waitFor(
      async () =>
        expect(
          await database.sql`select from history.target where name = 'outage' and server_started_at is not null`,
        ).toHaveLength(1),
      30_000,
    );
    const stoppedAt = Date.now();
    await cluster.stop("immediate");
    await vi.waitFor(
      async () =>
        expect(await events()).toMatchObject([{ kind: "outage", endedAt: null, severity: "critical" }]),
      { timeout: 20_000, interval: 200 },
    );
    const during = (await slots("outage")).length;
    await roundsGoBy("outage", 2);
    expect((await slots("outage")).length).toBe(during);
    await cluster.start();
    await vi.waitFor(
      async () => {
        const found = await events();
        expect(found.map((event) => event.kind).toSorted()).toEqual(["outage", "restart"]);
        const outage = found.find((event) => event.kind === "outage");
        expect(outage?.at.getTime()).toBeGreaterThanOrEqual(stoppedAt - 1_000);
        expect(outage?.endedAt?.getTime()).toBeGreaterThan(outage?.at.getTime() ?? 0);
      },
      { timeout: 25_000, interval: 200 },
    );
    await vi.waitFor(async () => expect((await slots("outage")).length).toBeGreaterThan(during), 30_000);
  });
});

describe("processes", () => {
  test("are listed while they report, marked when silent, forgotten after an hour", async () => {
    const cache = { ...noCacheStats, hits: 3, misses: 1 };
    const stop = publishInstance({
      board: consoleBoard(database.sql),
      kind: "web",
      engines: () => ({ demo: { pools: [], cache } }),
      everyMs: 100,
    });
    await vi.waitFor(
      async () => expect(await listInstances(consoleBoard(database.sql))).toHaveLength(1),
      30_000,
    );
    const [mine] = await listInstances(consoleBoard(database.sql));
    expect(mine).toMatchObject({
      kind: "web",
      pid: process.pid,
      silent: false,
      engines: { demo: { cache } },
    });
    await stop();
    expect(await listInstances(consoleBoard(database.sql))).toEqual([]);
    await database.sql`
      insert into history.instance (instance_id, kind, host, pid, started_at, heartbeat_at, engines)
      select 'old-' || age, 'web', 'h', 1, now(), now() - make_interval(secs => age), '{}'
      from unnest(array[5, 30, 4000]) as age`;
    expect((await listInstances(consoleBoard(database.sql))).map((i) => [i.instanceId, i.silent])).toEqual(
      [
        ["old-30", true],
        ["old-5", false],
      ].toSorted(),
    );
    expect((await listLiveInstances(consoleBoard(database.sql))).map((i) => i.instanceId)).toEqual(["old-5"]);
  });
});
