import postgres, { type Sql } from "postgres";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { connect } from "../audit-db/connect.ts";
import type { AuditDb } from "../audit-db/types.ts";
import { type Cluster, startCluster } from "../testing/cluster.ts";
import { judge, notOk, stateOf } from "../testing/judge.ts";
import { pendingRestart } from "./check-pending-restart.ts";
import { preparedTransaction } from "./check-prepared-transactions.ts";
import { replicationRole } from "./check-replication-role.ts";
import { autovacuumOff, fsyncOff, fullPageWritesOff, trackCountsOff } from "./check-settings-off.ts";
import { multixactAge, transactionIdAge } from "./check-transaction-ages.ts";

const quiet = { debug() {}, info() {}, warn() {}, error() {} };

describe.each([15, 18] as const)("a server of its own on PostgreSQL %i", (version) => {
  /** On the command line at each start. */
  const flags: Record<string, string> = { max_prepared_transactions: "2" };
  let cluster: Cluster;
  let admin: Sql;
  const open: AuditDb[] = [];

  const client = (database = "postgres") =>
    postgres(cluster.url.replace(/postgres$/, database), { max: 1, onnotice: () => {}, onclose: () => {} });
  const watch = (role: string) => {
    const url = new URL(cluster.url);
    url.username = role;
    const audit = connect({ target: "t", urls: { watch: url.href }, logger: quiet });
    open.push(audit);
    return audit;
  };
  const reload = () => admin`select pg_reload_conf()`;

  beforeAll(async () => {
    cluster = await startCluster(version, flags);
    admin = client();
    await admin`create role watcher login password 'test' in role pg_monitor`;
    await admin`create role plain login password 'test'`;
    await admin`create database app`;
  });
  afterAll(async () => {
    await Promise.all(open.map((audit) => audit.close()));
    await admin?.end({ timeout: 1 });
    await cluster?.destroy();
  });

  test.each([
    ["autovacuum", autovacuumOff],
    ["track_counts", trackCountsOff],
  ])("%s that is off in the files is critical until it is on again", async (name, check) => {
    const audit = watch("watcher");
    expect(await judge(check, audit)).toMatchObject({ complete: true, objects: [{ state: "ok" }] });
    await admin.unsafe(`alter system set ${name} = off`);
    await reload();
    await vi.waitFor(
      async () => expect(notOk(await judge(check, audit))).toEqual([`${name} critical`]),
      30_000,
    );
    const [found] = (await judge(check, audit)).objects;
    expect(found?.words.title).toBe(`${name} is off.`);
    expect(found?.words.detail).toContain(`ALTER SYSTEM SET ${name} = on; SELECT pg_reload_conf();`);
    await admin.unsafe(`alter system set ${name} = on`);
    await reload();
    await vi.waitFor(async () => expect(notOk(await judge(check, audit))).toEqual([]), 30_000);
  });

  test("a setting of the command line is told as one, and is gone after a start without it", async () => {
    const audit = watch("watcher");
    for (const check of [fsyncOff, fullPageWritesOff]) {
      const [found] = (await judge(check, audit)).objects;
      expect(found?.state).toBe("critical");
      expect(found?.words.detail).toContain("start-up options");
      expect(found?.words.detail).not.toContain("ALTER SYSTEM");
    }
    Object.assign(flags, { fsync: "on", full_page_writes: "on" });
    await admin.end({ timeout: 1 });
    await cluster.stop();
    await cluster.start();
    admin = client();
    await vi.waitFor(() => expect(audit.status().state).toBe("up"), 20_000);
    for (const check of [fsyncOff, fullPageWritesOff])
      expect(await judge(check, audit)).toMatchObject({ complete: true, objects: [{ state: "ok" }] });
  });

  test("counters that are off for one database and one role are found beside the server's", async () => {
    const audit = watch("watcher");
    await admin`alter database app set track_counts = false`;
    await admin`alter role plain in database app set track_counts = off`;
    const off = await judge(trackCountsOff, audit);
    expect(notOk(off)).toEqual(["plain@app critical", "app critical"]);
    expect(stateOf(off, "track_counts")?.state).toBe("ok");
    expect(stateOf(off, "app")?.words.title).toBe("track_counts is off for database app.");
    await admin`alter role watcher set track_counts = off`;
    expect(notOk(await judge(trackCountsOff, watch("watcher")))).toEqual([
      ...["plain@app critical", "app critical", "watcher critical"],
      "track_counts no_data",
    ]);
    await admin`alter role watcher reset track_counts`;
    for (const { words } of off.objects.filter(({ state }) => state === "critical"))
      await admin.unsafe(words.detail.slice(words.detail.indexOf("ALTER")));
    expect(notOk(await judge(trackCountsOff, audit))).toEqual([]);
  });

  test("a role whose triggers do not fire is a warning, a database critical, until it is reset", async () => {
    const audit = watch("watcher");
    await admin`alter role plain set session_replication_role = 'replica'`;
    await admin`alter database app set session_replication_role = 'REPLICA'`;
    const found = await judge(replicationRole, audit);
    expect(notOk(found)).toEqual(["app critical", "plain warning"]);
    for (const { words } of found.objects.filter(({ state }) => state !== "ok"))
      await admin.unsafe(words.detail.slice(words.detail.indexOf("ALTER")));
    expect(await judge(replicationRole, audit)).toMatchObject({ complete: true, objects: [{ state: "ok" }] });
    await admin`alter system set session_replication_role = 'replica'`;
    await reload();
    await vi.waitFor(
      async () =>
        expect(notOk(await judge(replicationRole, audit))).toEqual(["session_replication_role critical"]),
      30_000,
    );
    await admin`alter system reset session_replication_role`;
    await reload();
    await vi.waitFor(async () => expect(notOk(await judge(replicationRole, audit))).toEqual([]), 30_000);
  });

  test("a setting that waits for a restart is a notice until it is taken back", async () => {
    const audit = watch("watcher");
    const nothing = { complete: true, objects: [{ object: { kind: "target" }, state: "ok" }] };
    expect(await judge(pendingRestart, audit)).toMatchObject(nothing);
    await admin`alter system set shared_buffers = '64MB'`;
    await reload();
    await vi.waitFor(
      async () => expect(notOk(await judge(pendingRestart, audit))).toEqual(["shared_buffers notice"]),
      30_000,
    );
    expect((await judge(pendingRestart, audit)).objects[0]?.words.title).toMatch(
      /^shared_buffers was changed and waits for a restart; \d+ still applies\.$/,
    );
    await admin`alter system reset shared_buffers`;
    await reload();
    await vi.waitFor(async () => expect(await judge(pendingRestart, audit)).toMatchObject(nothing), 30_000);
  });

  test("who sees not every setting is told so, with the grant that helps", async () => {
    const answer = await judge(pendingRestart, watch("plain"));
    expect(answer).toMatchObject({ complete: false, objects: [{ state: "unavailable" }] });
    const enable = answer.objects[0]?.unavailable?.enable ?? "";
    expect(enable).toBe("GRANT pg_read_all_settings TO plain;");
    await admin.unsafe(enable);
    expect(await judge(pendingRestart, watch("plain"))).toMatchObject({
      complete: true,
      objects: [{ state: "ok" }],
    });
    await admin`revoke pg_read_all_settings from plain`;
  });

  test("a prepared transaction ages from ok to critical, by the server's time, and is gone when it ends", async () => {
    const audit = watch("watcher");
    expect(await judge(preparedTransaction, audit)).toMatchObject({
      complete: true,
      objects: [{ state: "ok", value: 0 }],
    });
    const app = client("app");
    const id = "it's 1";
    await app.unsafe("begin; create table two_phase (id int); prepare transaction 'it''s 1'");
    const [prepared] = await admin<
      { at: Date }[]
    >`select prepared as at from pg_prepared_xacts where gid = ${id}`;
    const at = (seconds: number) => ({ now: new Date((prepared?.at.getTime() ?? 0) + seconds * 1_000) });
    for (const [seconds, state] of [
      [299, "ok"],
      [300, "warning"],
      [900, "critical"],
    ] as const) {
      const { objects, complete } = await judge(preparedTransaction, audit, at(seconds));
      expect(complete).toBe(true);
      expect(objects).toMatchObject([
        { object: { kind: "prepared_transaction", name: id }, state, value: seconds, since: prepared?.at },
      ]);
    }
    const [found] = (await judge(preparedTransaction, audit, at(3_600))).objects;
    expect(found?.words.title).toBe(
      `Prepared transaction ${id} in app by postgres has been open for 60 min.`,
    );
    await app.unsafe(found?.words.detail.slice(found.words.detail.indexOf("ROLLBACK")) ?? "");
    await app.end();
    expect(await judge(preparedTransaction, audit, at(900))).toMatchObject({
      complete: true,
      objects: [{ state: "ok", value: 0 }],
    });
  });

  test("ids that were used up since the last freeze count, and a freeze makes them go", async () => {
    const audit = watch("watcher");
    const app = client("app");
    const other = client("app");
    await app`create table locked (id int primary key)`;
    await app`insert into locked values (1)`;
    for (let round = 0; round < 40; round += 1) {
      await app.begin(async (first) => {
        await first`select from locked for share`;
        await other`select from locked for share`;
        await other`select txid_current()`;
      });
    }
    const limitAt = (ids: number) => ({ limits: { warning: ids / 2 ** 31, critical: null } });
    for (const [check, counter] of [
      [transactionIdAge, "transaction"],
      [multixactAge, "multixact"],
    ] as const) {
      const before = await judge(check, audit, limitAt(30));
      expect(before.complete).toBe(true);
      expect(stateOf(before, "app")).toMatchObject({ object: { kind: "database" }, state: "warning" });
      expect(stateOf(before, "template0")?.words.detail).toContain(
        "ALTER DATABASE template0 ALLOW_CONNECTIONS true;",
      );
      expect(stateOf(before, "app")?.words.title).toContain(`of its ${counter} ids (`);
      expect(notOk(await judge(check, audit))).toEqual([]);
    }
    await app.unsafe("vacuum (freeze)");
    for (const check of [transactionIdAge, multixactAge])
      expect(stateOf(await judge(check, audit, limitAt(30)), "app")?.state).toBe("ok");
    await Promise.all([app.end(), other.end()]);
  });
});
