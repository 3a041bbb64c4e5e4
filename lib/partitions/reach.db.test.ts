import { afterAll, beforeAll, expect, test } from "vitest";
import { connect } from "../audit-db/connect.ts";
import type { AuditDb } from "../audit-db/types.ts";
import { createDatabase, type TestDatabase } from "../testing/database.ts";
import { getPartitionLanes } from "./get-lanes.ts";
import { getPartitionTable } from "./get-table.ts";

const now = new Date("2026-11-10T12:00:00Z");
let database: TestDatabase;
let audit: AuditDb;

const range = (table: string, of: string, from: string, to: string, by = "") =>
  `create table ${table} partition of ${of} for values from ('${from}') to ('${to}') ${by};`;
const value = (table: string, of: string, is: string, by = "") =>
  `create table ${table} partition of ${of} for values in ('${is}') ${by};`;
const byTime = "partition by range (at)";

beforeAll(async () => {
  database = await createDatabase({ server: 18, template: "empty" });
  await database.sql.unsafe(`
    set timezone = 'UTC';
    create table months (at timestamptz) ${byTime};
    ${range("m26", "months", "2026-01-01", "2027-01-01", byTime)}
    ${range("m26_10", "m26", "2026-10-01", "2026-11-01")} ${range("m26_11", "m26", "2026-11-01", "2026-12-01")}
    ${range("m27", "months", "2027-01-01", "2028-01-01", byTime)} ${range("m27_all", "m27", "2027-01-01", "2028-01-01")}
    -- Reaches out of the year that it stands in: no row gets there.
    ${range("m27_out", "m27", "2028-01-01", "2029-01-01")}

    create table quarters (at date) ${byTime};
    ${range("q26", "quarters", "2026-10-01", "2027-01-01", byTime)} ${range("q26_a", "q26", "2026-10-01", "2026-12-24")}
    create table q26_rest partition of q26 default;

    create table kinds (kind text, at timestamp) partition by list (kind);
    ${value("k_a", "kinds", "a", byTime)} ${range("k_a_1", "k_a", "2026-11-01", "2027-02-01")}
    ${value("k_b", "kinds", "b", byTime)} ${range("k_b_1", "k_b", "2026-11-01", "2026-11-20")}

    create table nested (at timestamptz, kind text) ${byTime};
    ${range("n26", "nested", "2026-01-01", "2027-01-01", "partition by list (kind)")}
    ${value("n26_a", "n26", "a", byTime)} ${range("n26_a_1", "n26_a", "2026-11-01", "2027-01-01")}
    ${value("n26_b", "n26", "b", byTime)} ${range("n26_b_1", "n26_b", "2026-11-01", "2026-12-05")}
    ${range("n26_b_2", "n26_b", "2026-12-10", "2027-01-01")}
    ${range("n27", "nested", "2027-01-01", "2028-01-01")}

    create table spread (id int, at timestamptz) partition by hash (id);
    create table s_0 partition of spread for values with (modulus 2, remainder 0) ${byTime};
    create table s_1 partition of spread for values with (modulus 2, remainder 1) ${byTime};
    ${range("s_0_1", "s_0", "2026-11-01", "2026-12-01")} ${range("s_1_1", "s_1", "2026-11-01", "2026-11-15")}

    create table tuples (at timestamptz, org int) partition by range (at, org);
    create table t_1 partition of tuples for values from ('2026-11-01', minvalue) to ('2026-11-21 06:00', 100);
    create table t_2 partition of tuples for values from ('2026-11-21 06:00', 200) to ('2026-12-01', maxvalue);

    create table orgs (org int, at timestamptz) partition by range (org);
    create table o_1 partition of orgs for values from (1) to (2) ${byTime};
    ${range("o_1_1", "o_1", "2026-11-01", "2026-11-18")}`);
  audit = connect({
    target: "t",
    urls: { watch: await database.login(["pg_monitor"]) },
    logger: { debug() {}, info() {}, warn() {}, error() {} },
  });
});
afterAll(async () => {
  await audit?.close();
  await database?.drop();
});

/** The partition that the server puts a row into; null when it refuses. */
async function insert(table: string, at: bigint, rest: Record<string, string> = {}): Promise<string | null> {
  const columns = ["at", ...Object.keys(rest)].join(", ");
  const moment = `('1970-01-01 00:00+00'::timestamptz + interval '1 microsecond' * ${at})`;
  const values = [`${moment} at time zone 'UTC'`, ...Object.values(rest).map((text) => `'${text}'`)].join(
    ", ",
  );
  try {
    const [row] = await database.sql.unsafe<{ name: string }[]>(
      `insert into ${table} (${columns}) values (${values}) returning tableoid::regclass::text as name`,
    );
    return row?.name ?? "";
  } catch (thrown) {
    if ((thrown as { code?: string }).code === "23514") return null;
    throw thrown;
  }
}

const micros = (iso: string | null | undefined) => BigInt(Date.parse(iso ?? "")) * 1_000n;
const day = 86_400_000_000n;

/** Shapes, a row of every path each, and the moment a row of which is the first to find no partition of its own. */
const shapes = [
  ["range over range", "months", "months", [{}], "2026-12-01T00:00:00.000Z", null, 1n],
  ["a default of the inner level", "quarters", "quarters", [{}], "2026-12-24T00:00:00.000Z", "q26_rest", day],
  ["list over range", "kinds", "k_a", [{ kind: "a" }], "2027-02-01T00:00:00.000Z", null, 1n],
  ["its other value", "kinds", "k_b", [{ kind: "b" }], "2026-11-20T00:00:00.000Z", null, 1n],
  [
    "range over list over range",
    "nested",
    "nested",
    [{ kind: "a" }, { kind: "b" }],
    "2026-12-05T00:00:00.000Z",
    null,
    1n,
  ],
  ["hash over range", "spread", "s_1", [{ id: "3" }], "2026-11-15T00:00:00.000Z", null, 1n],
  [
    "several columns",
    "tuples",
    "tuples",
    [{ org: "1" }, { org: "150" }],
    "2026-11-21T06:00:00.000Z",
    null,
    1n,
  ],
  ["range over another range", "orgs", "o_1", [{ org: "1" }], "2026-11-18T00:00:00.000Z", null, 1n],
] as const;

test.each(shapes)(
  "%s: the first refused moment is what an INSERT finds",
  async (_, root, branch, rows, until, caughtBy, step) => {
    const { data } = await getPartitionLanes(audit, { schema: "public", root }, now);
    const lane = data.lanes.find(({ name }) => name === branch);
    expect(lane?.runway).toMatchObject({ coversNow: true, until, caughtBy });
    const at = micros(until);
    const lands = async (moment: bigint) => Promise.all(rows.map((rest) => insert(root, moment, rest)));
    // Nothing is lost before, from now on.
    for (const moment of [micros(now.toISOString()), at - step])
      for (const partition of await lands(moment)) expect(partition).not.toBe(caughtBy);
    expect(await lands(at)).toContain(caughtBy);
    for (const gap of lane?.gaps ?? []) {
      const inside = await lands((micros(gap.from) + micros(gap.to)) / 2n);
      expect([gap.words, inside.includes(gap.caughtBy)]).toEqual([gap.words, true]);
    }
  },
);

test("a stretch is a gap where something follows, on whichever path", async () => {
  const gapsOf = async (root: string) =>
    (await getPartitionLanes(audit, { schema: "public", root }, now)).data.lanes.flatMap(({ gaps }) =>
      gaps.map(({ words, between, path }) => [words, ...between, path]),
    );
  expect(await gapsOf("months")).toEqual([["1 Dec 2026 to 1 Jan 2027 UTC", "m26_11", "m27_all", ""]]);
  expect(await gapsOf("nested")).toEqual([["5 Dec 2026 to 10 Dec 2026 UTC", "n26_b_1", "n26_b_2", "b"]]);
  expect(await gapsOf("quarters")).toEqual([]);
  expect(await gapsOf("tuples")).toEqual([
    ["(21 Nov 2026 06:00, 100) to (21 Nov 2026 06:00, 200) UTC", "t_1", "t_2", ""],
  ]);
});

test("a partition's range is its own, cut to those that it stands in", async () => {
  const { data } = await getPartitionTable(audit, {
    table: { schema: "public", root: "nested" },
    ...{ orderBy: "name", order: "asc", limit: 10, offset: 0 },
  });
  expect(data.rows.map(({ name, from, to }) => [name, from, to])).toEqual([
    ["n26_a_1", "2026-11-01T00:00:00.000Z", "2027-01-01T00:00:00.000Z"],
    ["n26_b_1", "2026-11-01T00:00:00.000Z", "2026-12-05T00:00:00.000Z"],
    ["n26_b_2", "2026-12-10T00:00:00.000Z", "2027-01-01T00:00:00.000Z"],
    ["n27", "2027-01-01T00:00:00.000Z", "2028-01-01T00:00:00.000Z"],
  ]);
  const { data: months } = await getPartitionLanes(audit, { schema: "public", root: "months" }, now);
  expect(months.lanes).toHaveLength(1);
  expect(months.lanes[0]?.cells.map(({ name }) => name)).toEqual(["m26_10", "m26_11", "m27_all", "m27_out"]);
  expect(months.lanes[0]?.runway?.lastBound).toBe("2028-01-01T00:00:00.000Z");
});
