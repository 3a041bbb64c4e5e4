import postgres, { type Sql } from "postgres";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { connect } from "../audit-db/connect.ts";
import type { AuditDb } from "../audit-db/types.ts";
import { type Cluster, startCluster } from "../testing/cluster.ts";
import { judge, notOk, stateOf } from "../testing/judge.ts";
import { type Standby, startStandby } from "../testing/standby.ts";
import { lostSlot, slotAtRisk, slotRetained } from "./check-slots.ts";
import { slotInactive } from "./slot-checks.ts";

const quiet = { debug() {}, info() {}, warn() {}, error() {} };
const watch = (server: Pick<Cluster, "url">) =>
  connect({
    target: "t",
    urls: { watch: server.url.replace("postgres:test@", "watcher:test@") },
    logger: quiet,
  });

describe.each([15, 18] as const)("on PostgreSQL %i", (version) => {
  let cluster: Cluster;
  let standby: Standby | undefined;
  let sql: Sql;
  let audit: AuditDb;

  beforeAll(async () => {
    cluster = await startCluster(version, { wal_level: "logical" });
    sql = postgres(cluster.url, { max: 1, onnotice: () => {} });
    await sql`create role watcher login password 'test' in role pg_monitor`;
    audit = watch(cluster);
  });
  afterAll(async () => {
    await audit?.close();
    await sql?.end({ timeout: 1 });
    await standby?.destroy();
    await cluster?.destroy();
  });

  test("without a slot, and with a temporary one, nothing can be left behind", async () => {
    await sql`select pg_create_physical_replication_slot('passing', true, true)`;
    const nothing = { complete: true, objects: [{ object: { kind: "target" }, state: "ok" }] };
    expect(await judge(slotInactive, audit)).toMatchObject(nothing);
    await sql`select pg_drop_replication_slot('passing')`;
    expect(await judge(slotInactive, audit)).toMatchObject(nothing);
  });

  test("a slot without a reader is found with what it keeps, and is gone when it is dropped", async () => {
    await sql`select pg_create_physical_replication_slot('forgotten', true)`;
    await sql`select pg_create_logical_replication_slot('left', 'pgoutput')`;
    await sql`create table filler as select repeat('x', 1000) as text from generate_series(1, 3000)`;
    const [since] = await sql<{ since: Date | null }[]>`
      select (to_jsonb(s) ->> 'inactive_since')::timestamptz as since
      from pg_replication_slots s where slot_name = 'forgotten'`;
    const now = (seconds: number) => ({
      now: new Date((since?.since ?? new Date()).getTime() + seconds * 1_000),
    });
    if (version === 15) {
      const found = await judge(slotInactive, audit);
      expect(found.complete).toBe(true);
      expect(notOk(found).sort()).toEqual(["forgotten warning", "left warning"]);
      expect(stateOf(found, "forgotten")).toMatchObject({ value: null, since: null });
    } else {
      for (const [seconds, state] of [
        [599, "ok"],
        [600, "warning"],
        [86_400, "critical"],
      ] as const)
        expect(stateOf(await judge(slotInactive, audit, now(seconds)), "forgotten")).toMatchObject({
          object: { kind: "slot", name: "forgotten" },
          ...{ state, value: seconds, since: since?.since },
        });
    }
    const found = await judge(slotInactive, audit, now(7_200));
    expect(stateOf(found, "forgotten")?.words.title).toMatch(
      version === 15
        ? /^Slot forgotten has no reader\. It keeps \d+\.\d MB of WAL\.$/
        : /^Slot forgotten has no reader for 2 h\. It keeps \d+\.\d MB of WAL\.$/,
    );
    expect(stateOf(found, "left")?.words.title).toMatch(
      /^Logical slot left .* and the dead rows of \d+ transactions\.$/,
    );
    for (const { words } of found.objects)
      await sql.unsafe(words.detail.match(/SELECT pg_drop[^;]+;/)?.[0] ?? "");
    expect(await judge(slotInactive, audit)).toMatchObject({
      complete: true,
      objects: [{ object: { kind: "target" }, state: "ok" }],
    });
  });

  test("one that has reserved nothing keeps nothing", async () => {
    await sql`select pg_create_physical_replication_slot('unused')`;
    const unused = stateOf(await judge(slotInactive, audit), "unused");
    expect(unused?.state).toBe(version === 15 ? "notice" : "ok");
    expect(unused?.words.title).toContain("It keeps no WAL.");
    await sql`select pg_drop_replication_slot('unused')`;
  });

  test.runIf(version === 18)(
    "a standby reads its slot, and copies of slots there are not its business",
    async () => {
      await sql`select pg_create_physical_replication_slot('for_standby', true)`;
      const { port } = new URL(cluster.url);
      standby = await startStandby(cluster, {
        name: "second",
        settings: {
          wal_level: "logical",
          primary_slot_name: "for_standby",
          hot_standby_feedback: "on",
          primary_conninfo: `host=127.0.0.1 port=${port} user=postgres password=test dbname=postgres application_name=second`,
        },
      });
      const there = postgres(standby.url, { max: 1, onnotice: () => {} });
      // The copy of the data directory brought the slot's own with it.
      await there`select pg_drop_replication_slot('for_standby')`;
      await sql`select pg_create_logical_replication_slot('moved_on', 'pgoutput', false, false, true)`;
      await vi.waitFor(
        async () => expect(stateOf(await judge(slotInactive, audit), "for_standby")?.state).toBe("ok"),
        30_000,
      );
      expect(stateOf(await judge(slotInactive, audit), "for_standby")?.words.title).toBe(
        "Slot for_standby is read by second.",
      );
      await vi.waitFor(async () => {
        await sql`select pg_log_standby_snapshot()`;
        await there`select pg_sync_replication_slots()`;
        expect(await there`select from pg_replication_slots where synced`).toHaveLength(1);
      }, 30_000);
      const onStandby = watch(standby);
      expect(await judge(slotInactive, onStandby)).toMatchObject({
        complete: true,
        objects: [{ object: { kind: "target" }, state: "ok" }],
      });
      await there`select pg_create_physical_replication_slot('cascade', true)`;
      const later = { now: new Date(Date.now() + 3_600_000) };
      expect(notOk(await judge(slotInactive, onStandby, later))).toEqual(["cascade warning"]);
      expect(notOk(await judge(slotInactive, audit, later))).toEqual(["moved_on warning"]);
      await there`select pg_drop_replication_slot('cascade')`;
      const limits = { warning: -1, critical: null };
      for (const check of [lostSlot, slotAtRisk, slotRetained]) {
        const copy = stateOf(await judge(check, onStandby, { limits }), "moved_on");
        expect(copy?.words.detail).toContain("not to be dropped here");
        expect(copy?.words.detail).not.toContain("pg_drop_replication_slot");
        const own = stateOf(await judge(check, audit, { limits }), "moved_on");
        expect(own?.words.detail.includes("pg_drop_replication_slot")).toBe(check === slotRetained);
      }
      await Promise.all([onStandby.close(), there.end()]);
    },
  );
});
