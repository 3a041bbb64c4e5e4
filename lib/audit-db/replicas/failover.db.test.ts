import { setTimeout as sleep } from "node:timers/promises";
import type { Sql } from "postgres";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { createHistory } from "../../collector/history/history.ts";
import { watchTarget } from "../../collector/sampling/watch-target.ts";
import { createLogger } from "../../log/log.ts";
import { splitBrain } from "../../replication/check-nodes.ts";
import { roleFlip } from "../../replication/check-role-flip.ts";
import type { Cluster } from "../../testing/cluster.ts";
import { createDatabase, type TestDatabase } from "../../testing/database.ts";
import { judge, stateOf } from "../../testing/judge.ts";
import { type Standby, signalServer, startStandby } from "../../testing/standby.ts";
import { named, namespaces, startTrio, type Trio } from "../../testing/trio.ts";
import type { Appended } from "../append/appended.ts";
import { prepareEvents } from "../append/event.ts";
import type { AuditDb } from "../types.ts";
import type { NodeEvent, NodeStatus } from "./types.ts";

/** One trio of servers, told as one story: the tests stand in the order of what happens to it. */
// Every wait below ends as soon as it may; a busy machine gets its time.
vi.setConfig({ testTimeout: 120_000 });
let trio: Trio;
/** The old primary, copied anew from its successor. */
let rejoined: Standby;
let audit: AuditDb;
let console: TestDatabase;
let recording: Promise<void>;
const stop = new AbortController();
const events: NodeEvent[] = [];

beforeAll(async () => {
  trio = await startTrio();
  console = await createDatabase({ template: "console" });
  audit = trio.open();
  audit.onNodes((event) => events.push(event));
  recording = watchTarget(
    console.sql,
    audit,
    async () => 1,
    createLogger({ level: "silent", name: "test" }),
    stop.signal,
  );
  await vi.waitFor(() => expect(audit.nodes().map((n) => n.state)).toEqual(["up", "up", "up"]), 30_000);
});

afterEach(() => {
  events.length = 0;
});

afterAll(async () => {
  stop.abort();
  await recording;
  await audit?.close();
  await console?.drop();
  await rejoined?.destroy();
  await trio?.close();
});

const statusOf = (server: Cluster) => audit.nodes().find((node) => node.name === named(server)) as NodeStatus;

test("a primary that is killed under load is followed, and nothing acknowledged is lost", async () => {
  const { primary, first, second, client } = trio;
  const admin = client(primary);
  await admin`alter system set synchronous_standby_names = 'FIRST 1 (standby_b, standby_a)'`;
  await admin`select pg_reload_conf()`;
  await vi.waitFor(async () => {
    const rows = await admin<{ state: string }[]>`
      select application_name || ' ' || sync_state as state from pg_stat_replication where state = 'streaming' order by 1`;
    expect(rows.map((row) => row.state)).toEqual(["standby_a potential", "standby_b sync"]);
  }, 30_000);
  const load = startLoad();
  await vi.waitFor(() => expect(load.acknowledged.size).toBeGreaterThan(200), 24_000);
  // What a caller does inside a lease is the caller's to repeat: nobody knows here whether it took effect.
  let begun = 0;
  const unsafe = audit
    .use("maintenance", "test.unsafe", async (sql) => {
      begun++;
      await sql`select pg_sleep(20)`;
    })
    .catch((thrown: unknown) => thrown);
  await vi.waitFor(() => expect(begun).toBe(1), 30_000);
  signalServer(primary, "SIGKILL");
  await vi.waitFor(() => expect(primary.pid()).toBeUndefined(), 30_000);
  // The synchronous one has all that was acknowledged. The other may have been sent more: who would follow a server
  // that knows less than it does could not, so that one is caught up first.
  const [promoted, other] = [second, first];
  await promoted.follow(trio.fromSecond(other));
  await vi.waitFor(
    async () => expect(await missing(promoted, await received(other))).toBeLessThanOrEqual(0),
    24_000,
  );
  await promoted.promote();
  await vi.waitFor(
    () => expect(statusOf(promoted)).toMatchObject({ role: "primary", state: "up", timeline: 2 }),
    30_000,
  );
  await vi.waitFor(() => expect(audit.status().state).toBe("up"), 30_000);
  const atFlip = load.acknowledged.size;
  await vi.waitFor(() => expect(load.acknowledged.size).toBeGreaterThan(atFlip + 200), 30_000);
  await load.stop();
  const stored = await client(promoted)<{ id: string }[]>`select id from audit_log`;
  expect(new Set(stored.map((row) => row.id)).size).toBe(stored.length);
  const ids = new Set(stored.map((row) => row.id));
  expect([...load.acknowledged].filter((id) => !ids.has(id))).toEqual([]);
  expect(events.filter((e) => e.kind === "role_flip")).toMatchObject([
    { node: named(promoted), severity: "warning", detail: { from: named(primary), timeline: 2 } },
  ]);
  expect(events.filter((e) => e.kind === "split_brain")).toEqual([]);
  expect(load.failures).toEqual([]);
  const history = createHistory(console.sql);
  const flipped = (await judge(roleFlip, audit, { history })).objects[0];
  expect(flipped?.state).toBe("notice");
  expect(flipped?.words.title).toContain(named(promoted));
  const hourLater = new Date(Date.now() + 61 * 60_000);
  expect((await judge(roleFlip, audit, { history, now: hourLater })).objects[0]?.state).toBe("ok");
  expect(await unsafe).toMatchObject({ code: "UNAVAILABLE" });
  expect(begun).toBe(1);
  await other.follow(promoted);
  await vi.waitFor(
    () => expect(statusOf(other)).toMatchObject({ role: "replica", state: "up", timeline: 2 }),
    24_000,
  );
});

test("the old primary comes back read-write: noticed, recorded as critical, never written to", async () => {
  const { primary, second, client } = trio;
  await primary.start();
  await vi.waitFor(() => expect(statusOf(primary).state).toBe("stale"), 30_000);
  expect(statusOf(primary).reason).toMatch(/read-write on timeline 1/);
  await vi.waitFor(() => expect(events.filter((e) => e.kind === "split_brain")).toHaveLength(1), 30_000);
  expect(events.find((e) => e.kind === "split_brain")).toMatchObject({
    severity: "critical",
    node: named(primary),
  });
  const brain = await judge(splitBrain, audit);
  expect(stateOf(brain, named(primary))).toMatchObject({
    state: "critical",
    words: { title: `${named(primary)} is read-write but is not the primary.` },
  });
  await expect(
    audit.use("write", "test.stale", (sql) => sql`select 1`, { node: named(primary) }),
  ).rejects.toMatchObject({ code: "CONFLICT" });
  const [one] = await append(1);
  expect(await client(second)`select 1 from audit_log where id = ${one?.id ?? ""}`).toHaveLength(1);
  expect(await client(primary)`select 1 from audit_log where id = ${one?.id ?? ""}`).toHaveLength(0);
  const recorded = await console.sql`
    select kind, severity, detail->>'node' as node from history.target_event
    where target = 'trio' and kind in ('role_flip', 'split_brain', 'restart') order by at`;
  expect(recorded).toEqual([
    { kind: "role_flip", severity: "warning", node: named(second) },
    { kind: "split_brain", severity: "critical", node: named(primary) },
  ]);
  // A process that starts now has no memory, and learns from the standby's timeline all the same.
  const fresh = trio.open();
  await vi.waitFor(
    () => expect(fresh.nodes()[0]).toMatchObject({ name: named(second), role: "primary", state: "up" }),
    30_000,
  );
  await fresh.close();
  // What an operator does about it: a new copy in its place.
  await primary.destroy();
  rejoined = await startStandby(second, { name: "standby_c", port: primary.port });
  await vi.waitFor(
    () => expect(statusOf(rejoined)).toMatchObject({ role: "replica", state: "up", timeline: 2 }),
    30_000,
  );
  expect(stateOf(await judge(splitBrain, audit), named(rejoined))?.state).toBe("ok");
});

test.runIf(namespaces)("a primary behind a cut cable is replaced; mended, it is the stale one", async () => {
  const { first, second, namespace, client } = trio;
  const load = startLoad(4);
  await vi.waitFor(() => expect(load.acknowledged.size).toBeGreaterThan(50), 30_000);
  namespace?.cut();
  await first.promote();
  await vi.waitFor(
    () => expect(statusOf(first)).toMatchObject({ role: "primary", state: "up", timeline: 3 }),
    30_000,
  );
  const atFlip = load.acknowledged.size;
  await vi.waitFor(() => expect(load.acknowledged.size).toBeGreaterThan(atFlip + 50), 30_000);
  await vi.waitFor(() => expect(statusOf(second)).toMatchObject({ state: "down" }), 30_000);
  expect(events.filter((e) => e.kind === "split_brain")).toEqual([]);
  namespace?.mend();
  await vi.waitFor(() => expect(statusOf(second).state).toBe("stale"), 30_000);
  await vi.waitFor(
    () => expect(events.filter((e) => e.kind === "split_brain")).toMatchObject([{ node: named(second) }]),
    30_000,
  );
  await load.stop();
  expect(load.failures).toEqual([]);
  const [one] = await append(1);
  expect(await client(second)`select 1 from audit_log where id = ${one?.id ?? ""}`).toHaveLength(0);
  // It may have received from the old primary what the promoted one never had, so it is copied anew.
  await rejoined.destroy();
  rejoined = await startStandby(first, { name: "standby_c", port: rejoined.port });
  await vi.waitFor(
    () => expect(statusOf(rejoined)).toMatchObject({ role: "replica", state: "up", timeline: 3 }),
    30_000,
  );
});

test("a primary that hangs: writes wait and are refused, then follow the promoted", async () => {
  const { first, second, client } = trio;
  const leader = namespaces ? first : second;
  const { timeline } = statusOf(leader);
  const load = startLoad(2);
  await vi.waitFor(() => expect(load.acknowledged.size).toBeGreaterThan(20), 30_000);
  signalServer(leader, "SIGSTOP");
  await vi.waitFor(() => expect(statusOf(leader).state).toBe("down"), 30_000);
  // The old primary is read-write and within reach; it is no way out.
  if (namespaces) expect(statusOf(second).state).toBe("stale");
  const refused = audit.use("write", "test.refused", (sql) => sql`select 1`);
  await expect(refused).rejects.toMatchObject({
    code: "UNAVAILABLE",
    message: expect.stringContaining(
      namespaces ? `not the primary of timeline ${timeline}` : "does not answer",
    ),
  });
  await rejoined.promote();
  await vi.waitFor(
    () =>
      expect(statusOf(rejoined)).toMatchObject({
        role: "primary",
        state: "up",
        timeline: Number(timeline) + 1,
      }),
    30_000,
  );
  const atFlip = load.acknowledged.size;
  await vi.waitFor(() => expect(load.acknowledged.size).toBeGreaterThan(atFlip + 20), 30_000);
  await load.stop();
  expect(load.failures).toEqual([]);
  signalServer(leader, "SIGCONT");
  await vi.waitFor(() => expect(statusOf(leader).state).toBe("stale"), 30_000);
  await vi.waitFor(
    () => expect(events.filter((e) => e.kind === "split_brain").map((e) => e.node)).toContain(named(leader)),
    30_000,
  );
  const [one] = await append(1);
  expect(await client(rejoined)`select 1 from audit_log where id = ${one?.id ?? ""}`).toHaveLength(1);
});

const prepare = (count: number) =>
  prepareEvents(
    Array.from({ length: count }, () => ({
      organizationId: "o",
      action: "test.failover",
      status: "success" as const,
    })),
  );
const append = (count: number): Promise<Appended[]> => audit.append(prepare(count));

/** Callers that append a few events, again under the same ids until they are acknowledged, and then the next. */
function startLoad(callers = 8) {
  const acknowledged = new Set<string>();
  const failures: unknown[] = [];
  let stopped = false;
  async function call(): Promise<void> {
    let events = prepare(3);
    while (!stopped) {
      try {
        for (const { id, outcome } of await audit.append(events)) {
          if (outcome === "stored" || outcome === "duplicate") acknowledged.add(id);
          else failures.push(outcome);
        }
        events = prepare(3);
      } catch (thrown) {
        const { code } = thrown as { code?: string };
        if (code !== "UNAVAILABLE" && code !== "TIMEOUT") failures.push(thrown);
        await sleep(50);
      }
    }
  }
  const running = Promise.all(Array.from({ length: callers }, call));
  return {
    acknowledged,
    failures,
    async stop() {
      stopped = true;
      await running;
    },
  };
}

/** Whoever asks again and again asks on one connection. */
const asking = new Map<Cluster, Sql>();
function clientOf(server: Cluster): Sql {
  const sql = asking.get(server) ?? trio.client(server);
  asking.set(server, sql);
  return sql;
}
/** Where a standby's WAL ends. */
async function received(server: Cluster): Promise<string> {
  const [row] = await clientOf(server)<{ lsn: string }[]>`
    select greatest(pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn())::text as lsn`;
  return row?.lsn ?? "0/0";
}
/** Bytes of WAL that a standby lacks up to a place; negative when it has more. */
async function missing(server: Cluster, lsn: string): Promise<number> {
  const [row] = await clientOf(server)<{ bytes: number }[]>`
    select pg_wal_lsn_diff(${lsn}::pg_lsn, ${await received(server)}::pg_lsn)::float8 as bytes`;
  return row?.bytes ?? Number.POSITIVE_INFINITY;
}
