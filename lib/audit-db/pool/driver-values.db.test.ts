import { drizzle } from "drizzle-orm/postgres-js";
import { sql as fragment } from "drizzle-orm/sql";
import type { Sql } from "postgres";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createDatabase, type TestDatabase } from "../../testing/database.ts";
import { defaultPoolLimits } from "../limits.ts";
import { openClient } from "./open-client.ts";
import { createPool } from "./pool.ts";
import { understand } from "./understand.ts";

const noDate = new Date(Number.NaN);
const circular: Record<string, unknown> = {};
circular.self = circular;
/** For types that keep such values out where the types are known. */
const any = <T>(value: unknown) => value as T;

/** Values the driver throws at while it writes them, so that they must not reach its writing. */
const unwritable: Record<string, (sql: Sql) => PromiseLike<unknown>> = {
  "an invalid Date": (sql) => sql`select ${noDate}::timestamptz`,
  "an invalid Date in an array": (sql) => sql`select ${sql.array([new Date(0), noDate])}`,
  "an invalid Date as a day": (sql) => sql`select ${noDate}::text::date`,
  undefined: (sql) => sql`select ${any<string>(undefined)}::text`,
  "undefined in an array": (sql) => sql`select ${["a", any<string>(undefined)]}::text[]`,
  "circular JSON": (sql) => sql`select ${sql.json(any<string>(circular))}`,
  "a bigint in JSON": (sql) => sql`select ${sql.json(any<string>({ n: 1n }))}`,
  "a function as JSON": (sql) => sql`select ${sql.json(any<string>(() => 1))}`,
  "a symbol": (sql) => sql`select ${any<string>(Symbol("x"))}::text`,
  "an object without a prototype": (sql) => sql`select ${any<string>(Object.create(null))}::text`,
  "a number for an array": (sql) => sql`select ${any<number[]>(5)}::int[]`,
  "a number for bytes": (sql) => sql`select ${any<Buffer>(5)}::bytea`,
  "a text with NUL": (sql) => sql`select ${"a\0b"}::text`,
};

describe.each([15, 18] as const)("on PostgreSQL %i", (server) => {
  let database: TestDatabase;
  let sql: Sql;
  beforeAll(async () => {
    database = await createDatabase({ server, template: "empty" });
    sql = openClient(database.url, "console", { max: 1 });
  });
  afterAll(async () => {
    await sql.end({ timeout: 1 });
    await database.drop();
  });

  test.each(Object.entries(unwritable))("%s fails its own statement alone", async (_what, ask) => {
    const good = async (n: number) => (await sql`select ${n}::int as n, ${`text ${n}`}::text as text`)[0];
    // Twice at once and three times over: the driver writes a statement another way once it knows its types.
    for (let round = 0; round < 3; round++) {
      const [before, first, between, second, after] = await Promise.allSettled([
        good(1),
        ask(sql),
        good(2),
        ask(sql),
        good(3),
      ]);
      expect([before, between, after]).toMatchObject(
        [1, 2, 3].map((n) => ({ status: "fulfilled", value: { n, text: `text ${n}` } })),
      );
      for (const bad of [first, second])
        expect(bad).toMatchObject({ status: "rejected", reason: { code: "22021" } });
    }
  });

  test("drizzle's client keeps to itself what drizzle hands on", async () => {
    const client = openClient(database.url, "console", { max: 1 });
    const db = drizzle(client);
    try {
      for (let round = 0; round < 2; round++) {
        const answers = await Promise.allSettled([
          db.execute(fragment`select ${1}::int as n`),
          db.execute(fragment`select ${noDate}::timestamptz as at`),
          db.execute(fragment`select ${any(Symbol("x"))}::text as at`),
          db.execute(fragment`select ${2}::int as n`),
        ]);
        expect(answers.map(({ status }) => status)).toEqual([
          "fulfilled",
          "rejected",
          "rejected",
          "fulfilled",
        ]);
        expect(answers[3]).toMatchObject({ value: [{ n: 2 }] });
      }
    } finally {
      await client.end({ timeout: 1 });
    }
  });

  test("a moment is written as it is said, to the microsecond and beyond every date", async () => {
    for (const text of ["2026-11-05 10:11:12.123456+00", "infinity", "-infinity"]) {
      const [row] = await sql`select ${text}::timestamptz::text as text`;
      expect(row?.text).toBe(text);
    }
    const [row] = await sql`select ${new Date("2026-11-05T10:11:12.123Z")}::timestamptz as at`;
    expect(row?.at).toEqual(new Date("2026-11-05T10:11:12.123Z"));
  });

  test.each([
    ["a moment beyond every date", "select 'infinity'::timestamptz as value"],
    ["a moment before every date", "select '-infinity'::timestamptz as value"],
    ["a moment in another notation", "set datestyle = 'SQL, DMY'; select '2026-11-25'::date as value"],
    ["bytes in another notation", "set bytea_output = 'escape'; select '\\x00ff'::bytea as value"],
  ])("%s is an error of the statement that reads it, never a value", async (_what, text) => {
    const [bad, good] = await Promise.allSettled([sql.unsafe(text), sql`select ${7}::int as n`]);
    expect(bad).toMatchObject({ status: "rejected", reason: { code: "UNSUPPORTED" } });
    expect(good).toMatchObject({ status: "fulfilled", value: [{ n: 7 }] });
    await sql.unsafe("reset datestyle; reset bytea_output");
  });

  test("the engine tells whoever gave the value", async () => {
    const limits = { ...defaultPoolLimits.watch, max: 1 };
    const pool = createPool({
      purpose: "watch",
      address: understand(database.url),
      limits,
      applicationName: "values",
    });
    try {
      await expect(
        pool.use("test.value", (leased) => leased`select ${noDate}::timestamptz`),
      ).rejects.toMatchObject({
        code: "BAD_INPUT",
        message: "test.value was given a value that PostgreSQL cannot hold.",
      });
      expect(await pool.use("test.after", (leased) => leased`select 1 as n`)).toEqual([{ n: 1 }]);
    } finally {
      await pool.close();
    }
  });
});
