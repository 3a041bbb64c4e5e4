import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { connect } from "../audit-db/connect.ts";
import type { AuditDb } from "../audit-db/types.ts";
import { createDatabase, type TestDatabase } from "../testing/database.ts";
import { judge, notOk, stateOf } from "../testing/judge.ts";
import { checksumFailures } from "./check-checksums.ts";
import { sequenceUsed } from "./check-sequences.ts";
import { maintenanceChecks } from "./checks.ts";

const quiet = { debug() {}, info() {}, warn() {}, error() {} };

describe.each([15, 18] as const)("on PostgreSQL %i", (server) => {
  let database: TestDatabase;
  let audit: AuditDb;
  let role: string;

  beforeAll(async () => {
    database = await createDatabase({ server, template: "empty" });
    const url = await database.login(["pg_monitor"]);
    role = new URL(url).username;
    audit = connect({ target: "t", urls: { watch: url }, logger: quiet });
  });
  afterAll(async () => {
    await audit?.close();
    await database?.drop();
  });

  test("without a sequence that can end there is one green object", async () => {
    await database.sql`create sequence round_and_round maxvalue 10 cycle`;
    await database.sql`select setval('round_and_round', 10)`;
    expect(await judge(sequenceUsed, audit)).toMatchObject({
      complete: true,
      objects: [{ object: { kind: "database", name: database.name }, state: "ok" }],
    });
  });

  test("pg_monitor alone may not read them: that is said with the grant, which then is enough", async () => {
    await database.sql`create schema "Odd.Schema"`;
    await database.sql`create sequence "Odd.Schema"."The ""One""" as smallint`;
    const blind = await judge(sequenceUsed, audit);
    expect(blind).toMatchObject({
      complete: false,
      objects: [{ state: "unavailable", unavailable: { code: "no_grant" } }],
    });
    expect(blind.objects[0]?.words.title).toBe(`1 sequence of ${database.name} cannot be read.`);
    const enable = blind.objects[0]?.unavailable?.enable ?? "";
    expect(enable).toBe(
      `GRANT USAGE ON SCHEMA "Odd.Schema" TO ${role};\nGRANT SELECT ON ALL SEQUENCES IN SCHEMA "Odd.Schema" TO ${role};`,
    );
    await database.sql.unsafe(enable);
    const seen = await judge(sequenceUsed, audit);
    expect(seen).toMatchObject({ complete: true, objects: [{ state: "ok", value: 0 }] });
    expect(seen.objects[0]?.words.title).toBe('Sequence "Odd.Schema"."The ""One""" has not been used yet.');
    await database.sql.unsafe(`alter default privileges grant select on sequences to ${role}`);
  });

  test.each([
    ["the type's end", `select setval('"Odd.Schema"."The ""One"""', 27852)`, 'The "One"', "ok", 0.849],
    ["warns", `select setval('"Odd.Schema"."The ""One"""', 27853)`, 'The "One"', "warning", 0.85],
    ["is critical", `select setval('"Odd.Schema"."The ""One"""', 31129)`, 'The "One"', "critical", 0.95],
    [
      "downwards",
      "create sequence down increment -1 minvalue -100; select setval('down', -90)",
      "down",
      "warning",
      0.898,
    ],
    [
      "below zero",
      "create sequence below minvalue -1000 maxvalue -1 start -1000; select setval('below', -20)",
      "below",
      "critical",
      0.98,
    ],
    [
      "from its start",
      "create sequence far start 1000000 maxvalue 100000000; select nextval('far')",
      "far",
      "ok",
      0.009,
    ],
  ] as const)("%s", async (_, statement, name, state, value) => {
    await database.sql.unsafe(statement);
    const found = stateOf(await judge(sequenceUsed, audit), name);
    expect(found?.state).toBe(state);
    expect(Math.floor((found?.value ?? 0) * 1_000) / 1_000).toBe(value);
  });

  test("a column that ends before its bigint sequence does decides, owned or only by its default", async () => {
    const { sql } = database;
    await sql.unsafe(`
      create sequence wide as bigint;
      create table by_default (id int default nextval('wide'));
      create table "By Identity" ("The Id" int generated always as identity (sequence name narrow));
      create table owner (id smallint); create sequence owned as bigint owned by owner.id;
      select setval('wide', 1900000000), setval('narrow', 2100000000), setval('owned', 100);`);
    const found = await judge(sequenceUsed, audit);
    expect(found.complete).toBe(true);
    expect(stateOf(found, "wide")).toMatchObject({ state: "warning", value: expect.closeTo(0.8848, 4) });
    expect(stateOf(found, "wide")?.words.title).toBe(
      "Sequence public.wide has used 88.4 % of its values (1,900,000,000 of 2,147,483,647).",
    );
    expect(stateOf(found, "narrow")?.state).toBe("critical");
    expect(stateOf(found, "narrow")?.words.detail).toContain(
      '"By Identity"."The Id" is integer and holds no more',
    );
    expect(stateOf(found, "owned")?.value).toBeCloseTo(99 / 32_766, 9);
    await sql.unsafe(`
      alter table by_default alter column id type bigint;
      alter table "By Identity" alter column "The Id" type bigint;`);
    const mended = await judge(sequenceUsed, audit);
    expect([stateOf(mended, "wide")?.state, stateOf(mended, "narrow")?.state]).toEqual(["ok", "ok"]);
    await sql.unsafe('drop sequence "Odd.Schema"."The ""One""", down, below');
    expect(notOk(await judge(sequenceUsed, audit))).toEqual([]);
  });

  test("nobody's locks hold a check up; a sequence that is being altered is left out and not taken for gone", async () => {
    await database.sql.unsafe(`
      create table held (at int, id int) partition by range (at);
      create table held_1 partition of held for values from (0) to (10);
      create index held_id on held (id); create index held_twice on held_1 (id);`);
    const sql = postgres(database.url, { max: 1, onnotice: () => {} });
    const holder = await sql.reserve();
    await holder`begin`;
    await holder`lock table held, by_default in access exclusive mode`;
    await holder`alter index held_id rename to held_id_2`;
    await holder`alter sequence wide cache 2`;
    // Debian's clusters have no checksums to judge.
    for (const check of maintenanceChecks.filter(({ id }) => id !== checksumFailures.id)) {
      const answer = await judge(check, audit);
      expect([check.id, answer.complete]).toEqual([check.id, check !== sequenceUsed]);
    }
    const partly = await judge(sequenceUsed, audit);
    expect(stateOf(partly, "wide")).toBeUndefined();
    expect(stateOf(partly, "narrow")?.state).toBe("ok");
    await holder`rollback`;
    holder.release();
    await sql.end();
    expect(await judge(sequenceUsed, audit)).toMatchObject({ complete: true });
  });
});
