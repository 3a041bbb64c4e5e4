import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { objectKey } from "../check.ts";
import { lookAt } from "../testing/look.ts";
import { type Stranger, startStranger } from "../testing/stranger.ts";
import { strangersNow } from "../testing/strangers-database.ts";
import { gap, overlap } from "./check-bounds.ts";
import { defaultRows } from "./check-default-rows.ts";
import { currentPartition, runway } from "./check-runway.ts";
import { getPartitionLanes } from "./get-lanes.ts";

/** Keys that once ended every finding of the database, and others that are no time. */
const odd = [
  "key_composite",
  "key_org_time",
  "key_snowflake",
  "key_numeric",
  "key_text",
  "key_uuid",
  "key_boolean",
  "key_enum",
  "key_custom",
  "key_trunc",
  "key_extract",
  "key_utc_day",
  "hashed",
];

describe.each([15, 18] as const)("keys of a stranger on PostgreSQL %i", (server) => {
  let world: Stranger;

  beforeAll(async () => {
    world = await startStranger(server);
    await world.sql`
      create table key_gaps_of_texts (k text collate "C" not null) partition by range (k);
      create table key_gaps_of_texts_1 partition of key_gaps_of_texts for values from ('a') to ('c');
      create table key_gaps_of_texts_2 partition of key_gaps_of_texts for values from ('D') to ('Z');
      create extension citext;
      create table key_extension (k citext not null) partition by range (k);
      create table key_extension_1 partition of key_extension for values from ('a') to ('C');
      create table key_extension_2 partition of key_extension for values from ('D') to ('Z');
      create function backwards(int, int) returns int immutable language sql as 'select btint4cmp($2, $1)';
      create operator class backwards_ops for type int using btree as
        operator 1 >, operator 2 >=, operator 3 =, operator 4 <=, operator 5 <, function 1 backwards(int, int);
      create table key_backwards (k int not null) partition by range (k backwards_ops);
      create table key_backwards_1 partition of key_backwards for values from (20) to (10);
      create table key_backwards_2 partition of key_backwards for values from (8) to (1)`.simple();
  });
  afterAll(() => world?.close());

  async function judge() {
    const checks = [currentPartition, runway, gap, overlap, defaultRows];
    const evaluations = await lookAt(checks, { audit: world.open(), now: strangersNow });
    return evaluations.flatMap(({ check, answer, error, thrown }) => {
      expect([check.id, error, thrown]).toEqual([check.id, null, undefined]);
      return (answer?.objects ?? []).map(({ object, state, words, value }) => ({
        ...{ check: check.id, key: objectKey(object), state, value },
        name: "name" in object ? object.name : object.kind,
        ...words,
      }));
    });
  }
  const of = (judged: Awaited<ReturnType<typeof judge>>, check: { id: string }, name: string) =>
    judged
      .filter((each) => each.check === check.id && each.name === name)
      .map(({ state, title }) => [state, title]);

  test("bounds are told in their key's own units: ids are no dates", async () => {
    const judged = await judge();
    expect(judged.filter(({ state }) => state === "error")).toEqual([]);
    expect(of(judged, gap, "key_snowflake")).toEqual([
      ["warning", "key_snowflake has no partition from 1860000000000000000 to 1861000000000000000."],
    ]);
    expect(of(judged, gap, "key_id")).toEqual([
      ["warning", "key_id has no partition from 2000000 to 3000000."],
    ]);
    expect(of(judged, gap, "key_numeric")).toEqual([
      ["warning", "key_numeric has no partition from 0.25 to 0.5."],
    ]);
    expect(of(judged, gap, "key_text")).toEqual([
      ["warning", "key_text has no partition from 2026-11 to 2026-12."],
    ]);
    // By its collation, in which every capital comes first.
    expect(of(judged, gap, "key_gaps_of_texts")).toEqual([
      ["warning", "key_gaps_of_texts has no partition from Z to a."],
    ]);
    expect(of(judged, gap, "key_uuid")).toEqual([["ok", "key_uuid has no gap."]]);
    expect(of(judged, gap, "key_org_time")).toEqual([
      [
        "warning",
        "key_org_time has no partition from (1, 2026-11-01 04:00:00+00) to (2, 2026-01-01 05:00:00+00).",
      ],
    ]);
    expect(of(judged, gap, "key_composite")).toEqual([["ok", "key_composite has no gap."]]);
    expect(of(judged, runway, "key_composite")).toEqual([
      ["critical", "key_composite has partitions for another 3 d 12 h, 0.2 partitions of 16 d."],
    ]);
    expect(of(judged, gap, "gap_ahead")).toEqual([
      ["critical", "gap_ahead has no partition from 1 Feb 2027 05:00 to 1 Mar 2027 05:00 UTC."],
    ]);
  });

  test("keys that we cannot date say that runway is not judged, and why", async () => {
    const judged = await judge();
    const why = (name: string) =>
      judged
        .filter((each) => each.check === runway.id && each.name === name)
        .map(({ state, title, detail }) => [state, title, detail]);
    const unjudged = (name: string, detail: string) => [
      ["unavailable", `Runway of ${name} is not judged.`, detail],
    ];
    const number = (type: string) => `Its key is a number (${type}) that does not read as a time.`;
    expect(why("key_snowflake")).toEqual(unjudged("key_snowflake", number("bigint")));
    expect(why("key_year")).toEqual(unjudged("key_year", number("smallint")));
    expect(why("key_text")).toEqual(unjudged("key_text", "Its key is of type text, which is not a time."));
    expect(why("key_extract")).toEqual(
      unjudged("key_extract", "Its key is of type numeric, which is not a time."),
    );
    expect(why("hashed")).toEqual(
      unjudged("hashed", "It is partitioned by hash, which has no end to run into."),
    );
    // A composite type, an extension's type and somebody's operator class: their order is code we do not run.
    for (const [name, type] of [
      ["key_custom", "public.release"],
      ["key_extension", "public.citext"],
      ["key_backwards", "integer"],
    ] as const) {
      const order = `The order of its key, of type ${type}, is not known to the console.`;
      expect(why(name)).toEqual(unjudged(name, order));
      expect(of(judged, gap, name)).toEqual([["unavailable", `Gaps of ${name} are not judged.`]]);
      expect(
        of(judged, overlap, name).filter(([state]) => state !== "ok" && state !== "unavailable"),
      ).toEqual([]);
    }
    expect(of(judged, runway, "key_milliseconds")).toEqual([
      ["warning", "key_milliseconds has partitions for another 34 d 7 h, 1.1 partitions of one month."],
    ]);
    const { data } = await getPartitionLanes(
      world.open(),
      { schema: "public", root: "key_text" },
      strangersNow,
    );
    expect(data.lanes[0]).toMatchObject({
      runway: null,
      runwayUnjudged: "its key is of type text, which is not a time",
      gapsUnjudged: null,
    });
  });

  test("covered until 9999 or for 400 days is well, and so is a year with eleven months left", async () => {
    const judged = await judge();
    for (const name of ["before_christ", "end_of_time", "far_ahead", "yearly", "gap_behind"])
      expect([name, ...of(judged, runway, name).map(([state]) => state)]).toEqual([name, "ok"]);
    expect(of(judged, runway, "key_date")).toEqual([
      ["critical", "key_date has partitions for another 7 h, 0.2 partitions of one day."],
    ]);
    expect(of(judged, runway, "new_york")).toEqual([
      ["ok", "new_york has partitions for another 3 d 12 h, 3.5 partitions of one day."],
    ]);
  });

  test("every table is judged as it would be without the odd ones", async () => {
    const withAll = await judge();
    for (const table of odd) await world.sql.unsafe(`drop table ${table}`);
    const others = withAll.filter(({ name }) => !odd.includes(name));
    expect(others.filter(({ check }) => check === runway.id).length).toBeGreaterThan(30);
    expect(await judge()).toEqual(others);
  });
});
