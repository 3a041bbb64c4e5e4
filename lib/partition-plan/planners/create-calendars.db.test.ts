import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Planned, startPlanned } from "../../testing/plan-partitions.ts";

describe.each([15, 18] as const)("on PostgreSQL %i", (server) => {
  let planned: Planned;
  beforeAll(async () => {
    planned = await startPlanned(server);
  });
  afterAll(() => planned.close());

  /** Daily or monthly partitions of a table between two local midnights. */
  async function cutAtMidnights(table: string, timeZone: string, step: string, from: string, to: string) {
    await planned.database.sql.unsafe(`
      create table ${table} (at timestamptz not null) partition by range (at);
      do $$
      declare day timestamp;
      begin
        for day in select generate_series('${from}'::timestamp, '${to}'::timestamp, '${step}') loop
          execute format('create table %I partition of ${table} for values from (%L) to (%L)',
            '${table}_' || to_char(day, '${step === "1 day" ? "YYYYMMDD" : "YYYY_MM"}'),
            day at time zone '${timeZone}', (day + interval '${step}') at time zone '${timeZone}');
        end loop;
      end $$`);
  }
  /** Bounds of a table's newest partitions in UTC. */
  async function boundsOf(table: string, newest: number): Promise<string[]> {
    const rows = await planned.database.sql<{ bounds: string }[]>`
      select bounds from (
        select regexp_replace(pg_get_expr(c.relpartbound, c.oid), '.*FROM \\(''(.*)''\\) TO \\(''(.*)''\\)', '\\1 \\2') as bounds
        from pg_inherits join pg_class c on c.oid = inhrelid
        where inhparent = ${table}::text::regclass order by 1 desc limit ${newest}) as newest order by 1`;
    return rows.map(({ bounds }) => bounds);
  }

  test("a table cut at Berlin's midnights keeps them over both changes of its clocks", async () => {
    await cutAtMidnights("berlin", "Europe/Berlin", "1 day", "2026-03-25", "2026-10-23");
    const autumn = await planned.plan({ table: { name: "berlin" }, ahead: 3 }, "2026-10-23T12:00:00Z");
    expect(autumn.refusals?.[0]?.words).toMatch(
      /^The bounds lie at midnight of \d+ time zones that differ later on, e\.g\. .*Say which one it is \(timeZone\)\.$/,
    );
    const named = { table: { name: "berlin" }, cut: { timeZone: "Europe/Berlin" } };
    const draft = await planned.plan({ ...named, ahead: 3 }, "2026-10-23T12:00:00Z");
    expect(draft.refusals).toEqual([]);
    expect(await planned.carryOut(draft)).toEqual(["berlin_20261024", "berlin_20261025", "berlin_20261026"]);
    expect(await boundsOf("berlin", 3)).toEqual([
      "2026-10-23 22:00:00+00 2026-10-24 22:00:00+00",
      "2026-10-24 22:00:00+00 2026-10-25 23:00:00+00",
      "2026-10-25 23:00:00+00 2026-10-26 23:00:00+00",
    ]);
    await planned.carryOut(
      await planned.plan(
        { ...named, between: { from: "2026-10-26T23:00:00Z", to: "2027-03-29T22:00:00Z" } },
        "2026-10-23T12:00:00Z",
      ),
    );
    expect(await boundsOf("berlin", 2)).toEqual([
      "2027-03-27 23:00:00+00 2027-03-28 22:00:00+00",
      "2027-03-28 22:00:00+00 2027-03-29 22:00:00+00",
    ]);
    const [row] = await planned.database.sql`
      insert into berlin values ('2026-10-25 02:30:00+01') returning tableoid::regclass::text as lands`;
    expect(row?.lands).toBe("berlin_20261025");
  });

  test("the database's own time zone decides between those that fit", async () => {
    const { sql, name } = planned.database;
    await cutAtMidnights("new_york", "America/New_York", "1 month", "2026-01-01", "2026-10-01");
    await sql.unsafe(`alter database "${name}" set timezone = 'America/New_York'`);
    const draft = await planned.plan({ table: { name: "new_york" }, ahead: 1 }, "2026-10-20T12:00:00Z");
    expect(draft.request).toMatchObject({
      cut: { unit: "month", count: 1, timeZone: "America/New_York", naming: "{table}_{yyyy}_{mm}" },
    });
    expect(await planned.carryOut(draft)).toEqual(["new_york_2026_11"]);
    expect(await boundsOf("new_york", 1)).toEqual(["2026-11-01 04:00:00+00 2026-12-01 05:00:00+00"]);
    await sql.unsafe(`alter database "${name}" reset timezone`);
  });

  test("hours of a zone that puts its clocks back and on are cut without a hole or an empty one", async () => {
    await planned.database.sql.unsafe(`
      create table hours (at timestamptz not null) partition by range (at);
      create table hours_1 partition of hours for values from ('2026-10-24 22:00+00') to ('2026-10-24 23:00+00')`);
    const draft = await planned.plan(
      {
        table: { name: "hours" },
        ahead: 4,
        cut: { unit: "hour", timeZone: "Europe/Berlin", naming: "{table}_{yyyy}{mm}{dd}{hh}" },
      },
      "2026-10-24T22:10:00Z",
    );
    await planned.carryOut(draft);
    expect(await boundsOf("hours", 5)).toEqual([
      "2026-10-24 22:00:00+00 2026-10-24 23:00:00+00",
      "2026-10-24 23:00:00+00 2026-10-25 01:00:00+00",
      "2026-10-25 01:00:00+00 2026-10-25 02:00:00+00",
      "2026-10-25 02:00:00+00 2026-10-25 03:00:00+00",
      "2026-10-25 03:00:00+00 2026-10-25 04:00:00+00",
    ]);
  });

  test("February of a leap year ends on its 29th, and odd gaps are cut to the calendar as far as it fits", async () => {
    await planned.database.sql.unsafe(`
      create table gaps (at timestamptz not null) partition by range (at);
      create table gaps_2028_01 partition of gaps for values from ('2028-01-01 00:00+00') to ('2028-02-01 00:00+00');
      create table gaps_2028_05 partition of gaps for values from ('2028-05-11 00:00+00') to ('2028-06-01 00:00+00');
      create table gaps_2028_06 partition of gaps for values from ('2028-06-01 00:00+00') to ('2028-07-01 00:00+00');
      create table gaps_2028_07 partition of gaps for values from ('2028-07-01 00:00+00') to ('2028-08-01 00:00+00')`);
    const draft = await planned.plan(
      {
        table: { name: "gaps" },
        between: { from: "2028-02-01T00:00:00.000Z", to: "2028-05-11T00:00:00.000Z" },
      },
      "2028-06-10T00:00:00Z",
    );
    expect(await planned.carryOut(draft)).toEqual([
      "gaps_2028_02",
      "gaps_2028_03",
      "gaps_2028_04",
      "gaps_20280501_20280511",
    ]);
    const { sql } = planned.database;
    for (const [at, partition] of [
      ["2028-02-29 23:59:59.999999+00", "gaps_2028_02"],
      ["2028-05-10 23:59:59.999999+00", "gaps_20280501_20280511"],
    ] as const) {
      const [row] =
        await sql`insert into gaps values (${at}::text::timestamptz) returning tableoid::regclass::text as lands`;
      expect(row?.lands).toBe(partition);
    }
    expect((await planned.plan({ ...draft.request }, "2028-06-10T00:00:00Z")).steps).toEqual([]);
  });

  test("where partitions do not say how they are cut, the request must", async () => {
    await planned.database.sql.unsafe(`
      create table odd (at timestamptz not null) partition by range (at);
      create table odd_1 partition of odd for values from ('2026-01-01 00:00+00') to ('2026-01-11 00:00+00');
      create table odd_2 partition of odd for values from ('2026-01-11 00:00+00') to ('2026-03-02 00:00+00');
      create table odd_3 partition of odd for values from ('2026-03-02 00:00+00') to ('2026-03-03 05:00+00');
      create table none (at timestamptz not null) partition by range (at);
      create table random_ids (id uuid not null) partition by range (id)`);
    const words = async (name: string, request = {}) =>
      (await planned.plan({ table: { name }, ...request }, "2026-11-27T17:00:00Z")).refusals?.map(
        (refusal) => refusal.words,
      );
    expect(await words("odd")).toEqual([
      "Its partitions follow no one interval: say how it is cut (unit and count).",
    ]);
    expect(await words("none")).toEqual([
      "It has no partition that begins and ends with a value of its first column alone: say how it is cut (unit and count).",
    ]);
    expect(await words("none", { cut: { unit: "day", timeZone: "Mars/Base" } })).toEqual([
      "The server knows no time zone Mars/Base. Give an IANA name, e.g. Europe/Berlin.",
    ]);
    expect((await words("random_ids"))?.[0]).toMatch(
      /^Nothing tells what a key of type uuid means\. Say it \(key\): /,
    );
    expect((await words("random_ids", { cut: { key: "epoch seconds" } }))?.[0]).toMatch(
      /^A key of type uuid cannot be epoch seconds\. It may be: /,
    );
    expect(await words("nowhere")).toEqual(["There is no such partitioned table."]);
    const made = await planned.plan(
      { table: { name: "none" }, ahead: 0, cut: { unit: "day" } },
      "2026-11-27T17:00:00Z",
    );
    expect(await planned.carryOut(made)).toEqual(["none_2026_11_27"]);
  });
});
