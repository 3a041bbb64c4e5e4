import type { Sql } from "postgres";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { connect } from "../../audit-db/connect.ts";
import type { AuditDb } from "../../audit-db/types.ts";
import { createLogger } from "../../log/log.ts";
import { type Cluster, startCluster } from "../../testing/cluster.ts";
import { createDatabase, type TestDatabase } from "../../testing/database.ts";
import { type Standby, startStandby } from "../../testing/standby.ts";
import type { Sampler } from "../types.ts";
import { collectTarget } from "./collect-target.ts";

const everySecond = 1 as 10;
let console: TestDatabase;
let primary: Cluster;
let standby: Standby;
let audit: AuditDb;

beforeAll(async () => {
  [console, primary] = await Promise.all([createDatabase({ template: "console" }), startCluster(18)]);
  standby = await startStandby(primary, { name: "second" });
});
afterAll(async () => {
  await audit?.close();
  await Promise.all([console?.drop(), standby?.destroy()]);
  await primary?.destroy();
});

/** A counter of each server's own: its port and what it did, so that a phantom growth is seen at once. */
const totals: Sampler = {
  form: "totals",
  name: "own",
  everySeconds: everySecond,
  series: [
    { name: "own.port", kind: "gauge", unit: "count" },
    { name: "own.counter", kind: "counter", unit: "count" },
  ],
  async sample(engine) {
    const { port, counter } = await ask(engine);
    return { values: { "own.port": port, "own.counter": counter } };
  },
};
const objects: Sampler = {
  form: "objects",
  name: "ownObjects",
  everySeconds: everySecond,
  metrics: [{ name: "counter", kind: "counter", unit: "count" }],
  rankBy: "counter",
  async sample(engine) {
    return [{ key: "one", values: { counter: (await ask(engine)).counter } }];
  },
};
async function ask(engine: AuditDb): Promise<{ port: number; counter: number }> {
  const { data } = await engine.read({
    name: "test.own",
    source: "a counter that is a million higher on the second server",
    ttlMs: 0,
    run: (sql) => sql<{ port: number; counter: number }[]>`
      select current_setting('port')::int as port,
             pg_is_in_recovery()::int * 1e6 + extract(epoch from clock_timestamp() - pg_postmaster_start_time()) as counter`,
  });
  const [row] = data;
  return { port: row?.port ?? 0, counter: Number(row?.counter) };
}

test("where another host of the address answers, counters have a gap and nothing was restarted", async () => {
  const database = `/postgres?target_session_attrs=any`;
  const at = (server: Cluster) => `127.0.0.1:${server.port}`;
  audit = connect({
    target: "moving",
    urls: { watch: `postgres://postgres:test@${at(primary)},${at(standby)}${database}` },
    logger: createLogger({ level: "silent", name: "test" }),
  });
  const stop = new AbortController();
  const collecting = collectTarget(
    {
      sql: console.sql,
      audit,
      samplers: [totals, objects],
      logger: createLogger({ level: "silent", name: "test" }),
    },
    stop.signal,
  );
  const rows = (sql: Sql) => sql<{ slot: Date; port: number | null; counter: number | null }[]>`
    select r.slot, r.figures[1] as port, r.figures[2] as counter from history.total_raw r
    join history.sampler s on s.id = r.sampler_id where s.name = 'own' order by slot`;
  const events = () => console.sql`
    select kind, title, detail->>'before' as before from history.target_event
    where target = 'moving' and kind <> 'outage'`;
  try {
    expect(audit.nodes().map(({ name }) => name)).toEqual([`${at(primary)},${at(standby)}`]);
    await vi.waitFor(async () => expect((await rows(console.sql)).length).toBeGreaterThan(2), 20_000);
    await primary.stop("immediate");
    await vi.waitFor(
      async () =>
        expect((await rows(console.sql)).filter(({ port }) => port === standby.port).length).toBeGreaterThan(
          2,
        ),
      30_000,
    );
    await vi.waitFor(
      async () =>
        expect(await events()).toEqual([
          {
            kind: "another_server",
            title: `The address leads to another server now: ${at(standby)}`,
            before: at(primary),
          },
        ]),
      20_000,
    );
  } finally {
    stop.abort();
    await collecting;
  }
  const kept = await rows(console.sql);
  const moved = kept.findIndex(({ port }) => port === standby.port);
  expect(kept[moved]).toMatchObject({ port: standby.port, counter: null });
  expect(kept[moved - 1]?.counter).not.toBeNull();
  expect(kept[moved + 1]?.counter).toBeGreaterThan(1e6);
  const grown = await console.sql<{ growth: number | null }[]>`
    select r.figures[1] as growth from history.object_raw r
    join history.object o on o.id = r.object_id where o.key = 'one'`;
  expect(grown.filter(({ growth }) => (growth ?? 0) > 1e5)).toEqual([]);
});
