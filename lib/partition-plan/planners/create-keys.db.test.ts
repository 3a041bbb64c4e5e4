import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { quoteIdentifier } from "../../quote-sql.ts";
import { type Planned, startPlanned } from "../../testing/plan-partitions.ts";

const now = "2026-11-27T17:00:00Z";

interface Case {
  /** The table is called so, its key column k. */
  table: string;
  type: string;
  /** Default `k`. */
  key?: string;
  /** Name and bounds of the partitions that are there. */
  has: [name: string, from: string, to: string][];
  request: Record<string, unknown>;
  made: string[];
  /** A value of the key, and the partition in which its row lands. */
  lands: [value: string, partition: string][];
}

const epoch = (iso: string) => Date.parse(iso) / 1_000;
const ms = (iso: string) => String(Date.parse(iso));
const micros = (iso: string) => `${Date.parse(iso)}000`;
const snowflake = (iso: string, since: string) => String(BigInt(Date.parse(iso) - Date.parse(since)) << 22n);
const twitter = "2010-11-04T01:42:54.657Z";
const own = "2020-01-01T00:00:00Z";
const uuid = (iso: string, tail = "7000-8000-000000000000") => {
  const hex = Date.parse(iso).toString(16).padStart(12, "0");
  return `'${hex.slice(0, 8)}-${hex.slice(8)}-${tail}'`;
};

const cases: Case[] = [
  {
    table: "by_date",
    type: "date",
    has: [["by_date_20261127", "'2026-11-27'", "'2026-11-28'"]],
    request: { ahead: 2 },
    made: ["by_date_20261128", "by_date_20261129"],
    lands: [
      ["'2026-11-27'", "by_date_20261127"],
      ["'2026-11-28'", "by_date_20261128"],
      ["'2026-11-29'", "by_date_20261129"],
    ],
  },
  {
    table: "by_timestamp",
    type: "timestamp",
    has: [["by_timestamp_p2026_11", "'2026-11-01'", "'2026-12-01'"]],
    request: { ahead: 1 },
    made: ["by_timestamp_p2026_12"],
    lands: [
      ["'2026-12-01'", "by_timestamp_p2026_12"],
      ["'2026-12-31 23:59:59.999999'", "by_timestamp_p2026_12"],
    ],
  },
  {
    table: "by_hour",
    type: "timestamptz",
    has: [["by_hour_2026_11_27_1600", "'2026-11-27 16:00+00'", "'2026-11-27 17:00+00'"]],
    request: { ahead: 1 },
    made: ["by_hour_2026_11_27_1700", "by_hour_2026_11_27_1800"],
    lands: [
      [`'${now}'`, "by_hour_2026_11_27_1700"],
      ["'2026-11-27 18:59:59.999999+00'", "by_hour_2026_11_27_1800"],
    ],
  },
  {
    // The 53rd week, which ends in another year.
    table: "by_week",
    type: "timestamptz",
    has: [["by_week_2026w48", "'2026-11-23 00:00+00'", "'2026-11-30 00:00+00'"]],
    request: { ahead: 6 },
    made: ["49", "50", "51", "52", "53"].map((week) => `by_week_2026w${week}`).concat("by_week_2027w01"),
    lands: [
      ["'2027-01-03 23:59:59+00'", "by_week_2026w53"],
      ["'2027-01-04 00:00+00'", "by_week_2027w01"],
    ],
  },
  {
    table: "by_quarter",
    type: "timestamptz",
    has: [["q4_2026", "'2026-10-01 00:00+00'", "'2027-01-01 00:00+00'"]],
    request: { ahead: 1 },
    made: ["q1_2027"],
    lands: [["'2027-03-31 23:59:59+00'", "q1_2027"]],
  },
  {
    table: "by_year",
    type: "timestamptz",
    has: [
      ["by_year_2025", "'2024-11-01 00:00+00'", "'2025-11-01 00:00+00'"],
      ["by_year_2026", "'2025-11-01 00:00+00'", "'2026-11-01 00:00+00'"],
    ],
    request: { ahead: 0 },
    made: ["by_year_2027"],
    lands: [["'2027-10-31 23:59:59+00'", "by_year_2027"]],
  },
  {
    table: "ten_days",
    type: "timestamptz",
    has: [["ten_days_20261121", "'2026-11-21 00:00+00'", "'2026-12-01 00:00+00'"]],
    request: { ahead: 1 },
    made: ["ten_days_20261201"],
    lands: [["'2026-12-10 23:59:59+00'", "ten_days_20261201"]],
  },
  {
    table: "seconds",
    type: "bigint",
    has: [["seconds_20261127", `${epoch("2026-11-27T00:00:00Z")}`, `${epoch("2026-11-28T00:00:00Z")}`]],
    request: { ahead: 1 },
    made: ["seconds_20261128"],
    lands: [
      [`${epoch(now)}`, "seconds_20261127"],
      [`${epoch("2026-11-28T00:00:00Z")}`, "seconds_20261128"],
      [`${epoch("2026-11-28T23:59:59Z")}`, "seconds_20261128"],
    ],
  },
  {
    table: "millis",
    type: "bigint",
    has: [["millis_202611", ms("2026-11-01T00:00:00Z"), ms("2026-12-01T00:00:00Z")]],
    request: { ahead: 1 },
    made: ["millis_202612"],
    lands: [[ms("2026-12-31T23:59:59.999Z"), "millis_202612"]],
  },
  {
    table: "micros",
    type: "bigint",
    has: [["micros_202611", micros("2026-11-01T00:00:00Z"), micros("2026-12-01T00:00:00Z")]],
    request: { ahead: 1 },
    made: ["micros_202612"],
    lands: [[micros("2026-12-31T23:59:59.999Z"), "micros_202612"]],
  },
  {
    table: "calendar_day",
    type: "integer",
    has: [["calendar_day_202611", "20261101", "20261201"]],
    request: { ahead: 1 },
    made: ["calendar_day_202612"],
    lands: [
      ["20261127", "calendar_day_202611"],
      ["20261231", "calendar_day_202612"],
    ],
  },
  {
    table: "calendar_month",
    type: "integer",
    has: [["calendar_month_202611", "202611", "202612"]],
    request: { ahead: 2 },
    made: ["calendar_month_202612", "calendar_month_202701"],
    lands: [
      ["202612", "calendar_month_202612"],
      ["202701", "calendar_month_202701"],
    ],
  },
  {
    table: "tweets",
    type: "bigint",
    has: [
      [
        "tweets_2026_11",
        snowflake("2026-11-01T00:00:00Z", twitter),
        snowflake("2026-12-01T00:00:00Z", twitter),
      ],
    ],
    request: { ahead: 1 },
    made: ["tweets_2026_12"],
    lands: [
      [String(BigInt(snowflake(now, twitter)) + 4_194_303n), "tweets_2026_11"],
      [String(BigInt(snowflake("2027-01-01T00:00:00Z", twitter)) - 1n), "tweets_2026_12"],
    ],
  },
  {
    table: "flakes",
    type: "bigint",
    has: [["flakes_2026_11", snowflake("2026-11-01T00:00:00Z", own), snowflake("2026-12-01T00:00:00Z", own)]],
    request: { ahead: 1, cut: { key: `snowflake ${own}` } },
    made: ["flakes_2026_12"],
    lands: [[String(BigInt(snowflake("2027-01-01T00:00:00Z", own)) - 1n), "flakes_2026_12"]],
  },
  {
    table: "ids",
    type: "uuid",
    has: [["ids_2026_11", uuid("2026-11-01T00:00:00Z"), uuid("2026-12-01T00:00:00Z")]],
    request: { ahead: 1 },
    made: ["ids_2026_12"],
    lands: [
      [uuid(now, "7abc-9def-0123456789ab"), "ids_2026_11"],
      [uuid("2026-12-01T00:00:00Z", "7000-8000-000000000000"), "ids_2026_12"],
      [uuid("2026-12-31T23:59:59.999Z", "7fff-bfff-ffffffffffff"), "ids_2026_12"],
    ],
  },
  {
    table: "text_month",
    type: "text",
    has: [["text_month_2026_11", "'2026-11'", "'2026-12'"]],
    request: { ahead: 2 },
    made: ["text_month_2026_12", "text_month_2027_01"],
    lands: [
      ["'2026-12-31T23:59:59Z'", "text_month_2026_12"],
      ["'2027-01'", "text_month_2027_01"],
    ],
  },
  {
    table: "text_day",
    type: "varchar(30)",
    has: [["text_day_20261127", "'2026-11-27'", "'2026-11-28'"]],
    request: { ahead: 1 },
    made: ["text_day_20261128"],
    lands: [["'2026-11-28 23:59'", "text_day_20261128"]],
  },
  {
    // No clock: ahead of the newest partition that holds rows.
    table: "numbers",
    type: "bigint",
    has: [
      ["numbers_1", "0", "1000000"],
      ["numbers_2", "1000000", "2000000"],
    ],
    request: { ahead: 2 },
    made: ["numbers_3"],
    lands: [
      ["2000000", "numbers_3"],
      ["2999999", "numbers_3"],
    ],
  },
  {
    table: "numeric_ids",
    type: "numeric",
    has: [["numeric_ids_p0", "0", "5000"]],
    request: { ahead: 1 },
    made: ["numeric_ids_p5000"],
    lands: [["9999.5", "numeric_ids_p5000"]],
  },
  {
    table: "composite",
    type: "timestamptz",
    key: "k, v",
    has: [["composite_2026_11", "'2026-11-01 00:00+00', minvalue", "'2026-12-01 00:00+00', minvalue"]],
    request: { ahead: 1 },
    made: ["composite_2026_12"],
    lands: [["'2026-12-01 00:00+00'", "composite_2026_12"]],
  },
  {
    table: "truncated",
    type: "timestamp",
    key: "date_trunc('day', k)",
    has: [["truncated_20261127", "'2026-11-27'", "'2026-11-28'"]],
    request: { ahead: 1 },
    made: ["truncated_20261128"],
    lands: [["'2026-11-28 23:59:59'", "truncated_20261128"]],
  },
];

describe.each([15, 18] as const)("on PostgreSQL %i", (server) => {
  let planned: Planned;
  beforeAll(async () => {
    planned = await startPlanned(server);
  });
  afterAll(() => planned.close());

  test.each(cases)("$table", async ({ table, type, key = "k", has, request, made, lands }) => {
    const { sql } = planned.database;
    await sql.unsafe(
      `create table ${table} (k ${type} not null, v int not null default 1) partition by range (${key})`,
    );
    for (const [name, from, to] of has)
      await sql.unsafe(`create table ${name} partition of ${table} for values from (${from}) to (${to})`);
    if (table === "numbers") await sql`insert into numbers values (1500000)`;
    const draft = await planned.plan({ table: { name: table }, ...request }, now);
    expect(draft.refusals).toEqual([]);
    const expected = table === "numbers" ? [...made, "numbers_4"] : made;
    expect(await planned.carryOut(draft)).toEqual(expected);
    // The plan's own request, as it was filled in, asks for no more than what is there now.
    const again = await planned.plan({ ...draft.request }, now);
    expect([again.refusals, again.steps]).toEqual([[], []]);
    for (const [value, partition] of lands) {
      const [row] = await sql.unsafe(
        `insert into ${table} (k) values (${value}) returning tableoid::regclass::text as lands`,
      );
      expect(`${value} in ${row?.lands}`).toBe(`${value} in ${quoteIdentifier(partition)}`);
    }
    // A CHECK says the same as the bounds: what was detached is attached again without a scan.
    const last = made.at(-1) ?? "";
    const [{ bounds } = { bounds: "" }] = await sql<{ bounds: string }[]>`
      select pg_get_expr(relpartbound, oid) as bounds from pg_class where relname = ${last}`;
    const heard: string[] = [];
    await planned.listen(heard, async (loud) => {
      await loud.unsafe(`alter table ${table} detach partition ${last}`);
      await loud.unsafe(`alter table ${table} attach partition ${last} ${bounds}`);
    });
    expect(heard).toContain(`partition constraint for table "${last}" is implied by existing constraints`);
  });
});
