import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { connect } from "../audit-db/connect.ts";
import { createDatabase } from "../testing/database.ts";
import { type Partitioned, startPartitioned } from "../testing/partitioned.ts";
import { getPartitionLanes } from "./get-lanes.ts";
import { getPartitionTable } from "./get-table.ts";
import { getPartitionTrees } from "./get-trees.ts";

const logger = { debug() {}, info() {}, warn() {}, error() {} };
const now = new Date("2024-03-15T12:00:00Z");

describe.each([15, 18] as const)("partition lanes on PostgreSQL %i", (server) => {
  let world: Partitioned;

  beforeAll(async () => {
    world = await startPartitioned(server);
  });
  afterAll(() => world?.close());

  test("every partitioned table is listed with its levels, leaves and the bytes the server itself counts", async () => {
    const { database, open } = world;
    const { data } = await getPartitionTrees(open());
    const tree = (name: string) => data.find((t) => t.name === name);
    expect(data.map((t) => t.name).toSorted()).toEqual([
      'Epoch "quoted"',
      "daily",
      "empty_parent",
      "ledger",
      "spread",
    ]);
    expect(tree("ledger")).toMatchObject({
      strategy: "list",
      key: "LIST (kind)",
      levels: 2,
      leaves: 7,
      lanes: 2,
    });
    expect(tree("daily")).toMatchObject({ strategy: "range", levels: 2, leaves: 2, lanes: 1 });
    expect(tree("spread")).toMatchObject({ strategy: "hash", levels: 1, leaves: 2 });
    expect(tree("empty_parent")).toMatchObject({ levels: 0, leaves: 0, totalBytes: null });
    const [counted] = await database.sql`
      select sum(pg_total_relation_size(relid))::float8 as bytes from pg_partition_tree('ledger')`;
    expect(tree("ledger")?.totalBytes).toBe(counted?.bytes);
  });

  test("a list over ranges is a lane a branch, its bounds the same moments whatever zone wrote them", async () => {
    const { open } = world;
    const { data } = await getPartitionLanes(open(), { schema: "public", root: "ledger" }, now);
    expect(data.lanes.map((lane) => lane.label)).toEqual(["a, it's", "b"]);
    const [a, b] = data.lanes;
    expect(a?.cells.map(({ name, from, to, isDefault }) => ({ name, from, to, isDefault }))).toEqual([
      {
        name: "ledger_a_1",
        from: "2024-01-01T00:00:00.000Z",
        to: "2024-02-01T00:00:00.000Z",
        isDefault: false,
      },
      {
        name: "ledger_a_2",
        from: "2024-02-01T00:00:00.000Z",
        to: "2024-03-01T00:00:00.000Z",
        isDefault: false,
      },
      {
        name: "ledger_a_3",
        from: "2024-03-01T00:00:00.000Z",
        to: "2024-04-01T00:00:00.000Z",
        isDefault: false,
      },
      { name: "ledger_a_default", from: null, to: null, isDefault: true },
    ]);
    expect(a).toMatchObject({
      axis: "time",
      gaps: [],
      overlaps: [],
      interval: { unit: "month" },
      unknownBounds: 0,
    });
    expect(a?.runway).toMatchObject({
      coversNow: true,
      until: "2024-04-01T00:00:00.000Z",
      seconds: 16.5 * 86_400,
    });
    expect(b?.gaps).toMatchObject([
      {
        from: "2024-02-01T00:00:00.000Z",
        to: "2024-03-01T00:00:00.000Z",
        between: ["ledger_b_1", "ledger_b_3"],
      },
    ]);
    expect(b?.runway).toMatchObject({
      until: "2024-08-01T00:00:00.000Z",
      lastBound: "2024-08-01T00:00:00.000Z",
    });
  });

  test("a role whose defaults print times otherwise gets the same lanes", async () => {
    const { database, open } = world;
    const url = await database.login(["pg_monitor"]);
    const role = new URL(url).username;
    await database.sql.unsafe(
      `alter role ${role} set datestyle = 'SQL, DMY'; alter role ${role} set timezone = 'Asia/Tokyo'`,
    );
    const theirs = await getPartitionLanes(open(url), { schema: "public", root: "ledger" }, now);
    const ours = await getPartitionLanes(open(), { schema: "public", root: "ledger" }, now);
    const spans = (lanes: typeof ours) =>
      lanes.data.lanes.map((l) => l.cells.map((c) => [c.from, c.to, c.bounds]));
    expect(spans(theirs)).toEqual(spans(ours));
  });

  test("integer epochs, sub-partitioned days, hashes and a parent without partitions each get their lane", async () => {
    const { open } = world;
    const audit = open();
    const lanesOf = async (schema: string, root: string) =>
      (await getPartitionLanes(audit, { schema, root }, now)).data.lanes;
    const [epoch] = await lanesOf("Odd.Schema", 'Epoch "quoted"');
    expect(epoch).toMatchObject({
      axis: "epochSeconds",
      gaps: [],
      interval: { unit: "custom", seconds: 1_209_600 },
    });
    expect(epoch?.axisNote).toMatch(/seconds since 1970/);
    expect(epoch?.cells.map((c) => [c.name, c.to])).toEqual([
      ["e.1", "2024-03-15T00:00:00.000Z"],
      ["e.2", "2024-03-29T00:00:00.000Z"],
    ]);
    const [daily] = await lanesOf("public", "daily");
    expect(daily?.cells).toMatchObject([{ name: "daily_1", leaves: 2, from: "2024-03-15T00:00:00.000Z" }]);
    const [spread] = await lanesOf("public", "spread");
    expect(spread).toMatchObject({ axis: "values", runway: null, strategy: "hash" });
    expect(spread?.cells.map((c) => c.bounds)).toEqual([
      "WITH (modulus 2, remainder 0)",
      "WITH (modulus 2, remainder 1)",
    ]);
    const [empty] = await lanesOf("public", "empty_parent");
    expect(empty).toMatchObject({ cells: [], runway: { coversNow: false, seconds: 0, lastBound: null } });
    // Findings name a branch: it leads to the tree that it stands in.
    expect((await lanesOf("public", "ledger_a")).map((lane) => lane.name)).toContain("ledger_a");
    await expect(lanesOf("public", "nobody")).rejects.toMatchObject({ code: "NOT_FOUND" });
  });

  test("a role with no grants at all sees the same layout", async () => {
    const { database, open } = world;
    const url = await database.login([]);
    const { data } = await getPartitionTrees(open(url));
    expect(data.find((t) => t.name === "ledger")?.leaves).toBeGreaterThan(0);
  });
});

test("five thousand partitions are read, judged and paged", async () => {
  const database = await createDatabase({ server: 18, template: "empty" });
  await database.sql`create table many (at timestamptz) partition by range (at)`;
  // A partition costs its table all bounds so far: 5,000 of one take 30 s, a hundred of fifty and a new parent 3 s.
  for (let first = 0; first < 5_000; first += 100) {
    await database.sql.unsafe(`
      create table part_${first} (at timestamptz) partition by range (at);
      do $$ begin for i in ${first}..${first + 99} loop
        execute format('create table many_%s partition of part_${first} for values from (%L) to (%L)', i,
          '2015-01-01 00:00+00'::timestamptz + i * interval '1 day', '2015-01-01 00:00+00'::timestamptz + (i + 1) * interval '1 day');
      end loop; end $$;
      update pg_inherits set inhparent = 'many'::regclass where inhparent = 'part_${first}'::regclass;
`);
  }
  const audit = connect({ target: "t", urls: { watch: await database.login(["pg_monitor"]) }, logger });
  const at = new Date("2028-09-01T06:00:00Z");
  const { data } = await getPartitionLanes(audit, { schema: "public", root: "many" }, at);
  expect(data.lanes[0]).toMatchObject({ gaps: [], overlaps: [], interval: { unit: "day", seconds: 86_400 } });
  expect(data.lanes[0]?.cells).toHaveLength(5_000);
  expect(data.lanes[0]?.runway).toMatchObject({ until: "2028-09-09T00:00:00.000Z", intervals: 7.75 });
  const page = await getPartitionTable(audit, { orderBy: "from", order: "desc", limit: 50, offset: 0 });
  expect(page.data.rows[0]?.name).toBe("many_4999");
  expect(page.data.total).toBe(5_000);
  await audit.close();
  await database.drop();
}, 180_000);

test("our own audit_log is a lane a retention policy, months ahead of now, without gaps", async () => {
  const database = await createDatabase({ server: 18, template: "audit" });
  const audit = connect({ target: "t", urls: { watch: await database.login(["pg_monitor"]) }, logger });
  const present = new Date();
  const { data } = await getPartitionLanes(audit, { schema: "public", root: "audit_log" }, present);
  const policies = await database.sql<{ bound: string }[]>`
    select pg_get_expr(relpartbound, oid) as bound from pg_class
    where oid in (select inhrelid from pg_inherits where inhparent = 'audit_log'::regclass)`;
  expect(data.lanes.map((lane) => `FOR VALUES IN ('${lane.label}')`).toSorted()).toEqual(
    policies.map(({ bound }) => bound).toSorted(),
  );
  for (const lane of data.lanes) {
    expect(lane).toMatchObject({
      axis: "time",
      gaps: [],
      interval: { unit: "month" },
      runway: { coversNow: true },
    });
    expect(lane.runway?.intervals).toBeGreaterThan(2);
  }
  await audit.close();
  await database.drop();
});
