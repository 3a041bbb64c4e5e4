import postgres, { type Sql } from "postgres";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { connect } from "../audit-db/connect.ts";
import type { AuditDb } from "../audit-db/types.ts";
import { createDatabase, type TestDatabase } from "../testing/database.ts";
import { judge, notOk, stateOf } from "../testing/judge.ts";
import { createPartmanTables } from "../testing/partman.ts";
import type { UpkeepRule } from "../upkeep-rules/rule.ts";
import { partmanDefaultRows } from "./check-partman-default-rows.ts";
import { partmanOff } from "./check-partman-off.ts";
import { partmanStale } from "./check-partman-stale.ts";
import { getPartman } from "./get-partman.ts";

const quiet = { debug() {}, info() {}, warn() {}, error() {} };

describe.each([15, 18] as const)("on PostgreSQL %i", (server) => {
  let database: TestDatabase;
  let sql: Sql;
  let audit: AuditDb;

  beforeAll(async () => {
    database = await createDatabase({ server, template: "empty" });
    sql = postgres(database.url, { max: 1, onnotice: () => {} });
    audit = connect({ target: "t", urls: { watch: await database.login(["pg_monitor"]) }, logger: quiet });
  });
  afterAll(async () => {
    await audit?.close();
    await sql?.end({ timeout: 1 });
    await database?.drop();
  });

  test("without pg_partman there is nothing to judge; without its GRANT it says which", async () => {
    expect(await judge(partmanOff, audit)).toEqual({ objects: [], complete: true });
    await createPartmanTables(sql, server);
    const hidden = await judge(partmanOff, audit);
    expect(hidden.objects).toMatchObject([{ state: "unavailable", unavailable: { code: "no_grant" } }]);
    await sql.unsafe(hidden.objects[0]?.unavailable?.enable ?? "");
    expect(notOk(await judge(partmanOff, audit))).toEqual([]);
  });

  test("automatic maintenance that is off is found, and is none while upkeep of ours makes the partitions", async () => {
    await sql`update partman.part_config set automatic_maintenance = 'off'`;
    const found = await judge(partmanOff, audit);
    expect(notOk(found)).toEqual(["access_log warning"]);
    expect(found.objects[0]?.words.title).toBe(
      "pg_partman's automatic maintenance of part.access_log is off.",
    );
    const ours = { table: { schema: "part", name: "access_log" }, state: "approved", enabled: true };
    const upkeep = async () => [ours as UpkeepRule];
    expect(notOk(await judge(partmanOff, audit, { upkeep }))).toEqual([]);
    await sql`update partman.part_config set automatic_maintenance = 'on', undo_in_progress = true`;
    expect(notOk(await judge(partmanOff, audit))).toEqual(["access_log warning"]);
    await sql`update partman.part_config set undo_in_progress = false`;
    expect(notOk(await judge(partmanOff, audit))).toEqual([]);
  });

  test("a last run is too old by the table's own width, where pg_partman keeps it", async () => {
    const state = async () => stateOf(await judge(partmanStale, audit), "access_log");
    if (server === 15) {
      expect(await state()).toMatchObject({
        state: "unavailable",
        unavailable: { reason: "pg_partman 4.7.2 does not keep when its maintenance ran." },
      });
      return;
    }
    expect(await state()).toMatchObject({ state: "notice", value: null });
    const ran = (ago: string) =>
      sql`update partman.part_config set maintenance_last_run = now() - ${ago}::interval`;
    await ran("47 hours");
    expect(await state()).toMatchObject({ state: "ok", value: 1.95 });
    await ran("49 hours");
    expect(await state()).toMatchObject({ state: "warning", value: 2.04 });
    await ran("5 days");
    expect((await state())?.words.title).toBe(
      "pg_partman's maintenance of part.access_log ran 5 d ago; each partition takes 24 h.",
    );
    expect((await state())?.state).toBe("critical");
    const { data } = await getPartman(audit);
    expect(data).toMatchObject([{ parentTable: "part.access_log", widthSeconds: 86_400, premake: 5 }]);
  });

  test("rows of the default partition stop it only where it makes its next partitions", async () => {
    if (server === 18)
      await sql.unsafe(`create table part.access_log_today partition of part.access_log
        for values from ('2026-01-01 00:00+00') to ('2026-12-01 00:00+00')`);
    const unread = stateOf(await judge(partmanDefaultRows, audit), "access_log");
    expect(unread).toMatchObject({ state: "unavailable", unavailable: { code: "no_grant" } });
    await sql.unsafe(unread?.unavailable?.enable ?? "");
    await sql`insert into part.access_log (ts, line) values ('2001-01-01', 'long ago')`;
    expect(notOk(await judge(partmanDefaultRows, audit))).toEqual([]);
    await sql`insert into part.access_log (ts, line) values ('2101-01-01', 'far ahead'), ('2101-01-02', 'far ahead')`;
    const found = stateOf(await judge(partmanDefaultRows, audit), "access_log");
    expect(found).toMatchObject({ state: "warning", value: 2 });
    expect(found?.words.title).toBe(
      "The default partition of part.access_log holds 2 rows beyond the newest partition.",
    );
    await sql`delete from part.access_log where ts > '2100-01-01'`;
    expect(notOk(await judge(partmanDefaultRows, audit))).toEqual([]);
  });
});
