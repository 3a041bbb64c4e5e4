import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createCatalogue } from "../collector/sampling/catalogue.ts";
import { createCostMeter } from "../collector/sampling/cost-sampler.ts";
import { createSamplerRun } from "../collector/sampling/run-sampler.ts";
import type { SeriesHistory } from "../collector/types.ts";
import type { PartitionLanes } from "../partitions/get-lanes.ts";
import type { PartitionRow, PartitionTree } from "../partitions/types.ts";
import { samplers } from "../samplers.ts";
import type { Stranger } from "../testing/stranger.ts";
import { openStrangersDoors, type StrangersDoors } from "../testing/strangers-doors.ts";

/** A partition as psql shows it. */
interface Truth {
  oid: number;
  schema: string;
  name: string;
  /** As a regclass is printed. */
  text: string;
  root: string;
  rootSchema: string;
  rootName: string;
  bounds: string;
  isDefault: boolean;
  detachPending: boolean;
  rowsEstimated: number | null;
  deadRows: number | null;
  inserted: number | null;
  totalBytes: number | null;
  indexBytes: number | null;
}

/** What pg_catalog and the statistics' own views say, as a superuser sees them. */
function readTruth({ sql }: Stranger): Promise<Truth[]> {
  return sql.begin(async (tx) => {
    await tx`set local timezone = 'UTC'`;
    await tx`set local search_path = 'public'`;
    return tx<Truth[]>`
      with recursive tree as (
        select oid, oid as root, false as pending, null::oid as parent from pg_class where relkind = 'p' and not relispartition
        union all
        select inhrelid, root, inhdetachpending, inhparent from tree join pg_inherits on inhparent = tree.oid
      )
      select c.oid::int8::int as oid, n.nspname as schema, c.relname as name, c.oid::regclass::text as text,
             format('%I.%I', rn.nspname, r.relname) as root, rn.nspname as "rootSchema", r.relname as "rootName",
             pg_get_expr(c.relpartbound, c.oid) as bounds,
             pg_get_expr(c.relpartbound, c.oid) = 'DEFAULT' as "isDefault", pending as "detachPending",
             case c.relkind when 'f' then nullif(c.reltuples, -1) else s.n_live_tup end::float8 as "rowsEstimated",
             s.n_dead_tup::float8 as "deadRows", s.n_tup_ins::float8 as inserted,
             case c.relkind when 'r' then pg_total_relation_size(c.oid) end::float8 as "totalBytes",
             case c.relkind when 'r' then pg_indexes_size(c.oid) end::float8 as "indexBytes"
      from tree t join pg_class c on c.oid = t.oid join pg_namespace n on n.oid = c.relnamespace
      join pg_class r on r.oid = t.root join pg_namespace rn on rn.oid = r.relnamespace
      left join pg_stat_all_tables s on s.relid = c.oid
      where c.relkind <> 'p' order by c.oid`;
  }) as Promise<Truth[]>;
}

const figures = (rows: readonly (PartitionRow | Truth)[]) =>
  rows
    .map((row) => ({
      oid: row.oid,
      schema: row.schema,
      name: row.name,
      root: row.root,
      bounds: row.bounds?.replace(/^FOR VALUES /, ""),
      isDefault: row.isDefault,
      detachPending: row.detachPending,
      rowsEstimated: row.rowsEstimated,
      deadRows: row.deadRows,
      inserted: row.inserted,
      totalBytes: row.totalBytes,
      indexBytes: row.indexBytes,
    }))
    .sort((a, b) => a.oid - b.oid);

describe.each([15, 18] as const)("the stranger's database on PostgreSQL %i", (server) => {
  // More than one page; creating them takes a second, so one of the two has them.
  const big = server === 18 ? 1_100 : 0;
  let doors: StrangersDoors;
  let truth: Truth[];

  beforeAll(async () => {
    doors = await openStrangersDoors(server, { big });
    truth = await readTruth(doors.stranger);
  });
  afterAll(() => doors?.close());

  /** Every page of a list that is cut at 1,000. */
  async function allPages(page: (offset: number) => Promise<{ rows: PartitionRow[]; total: number }>) {
    const rows: PartitionRow[] = [];
    for (;;) {
      const answer = await page(rows.length);
      rows.push(...answer.rows);
      expect(answer.total).toBe(truth.length);
      if (answer.rows.length === 0 || rows.length >= answer.total) return rows;
    }
  }

  test("the API's pages name every partition with psql's bounds, rows and bytes", async () => {
    const rows = await allPages((offset) =>
      doors.ask("partitions", { limit: "1000", offset: String(offset), orderBy: "name", order: "asc" }),
    );
    expect(figures(rows)).toEqual(figures(truth));
  });

  test("the command line lists the same, page after page", async () => {
    const rows = await allPages(async (offset) =>
      JSON.parse(
        await doors.run("partitions", "list", "--json", "--limit", "1000", "--offset", String(offset)),
      ),
    );
    expect(figures(rows)).toEqual(figures(truth));
    const limit = big ? "7" : "1000";
    const text = await doors.run(
      "partitions",
      "list",
      "--limit",
      limit,
      "--order-by",
      "name",
      "--order",
      "asc",
    );
    const names = text.split("\n").map((line) => line.split(/ {2,}/)[0]);
    if (big) expect(text).toContain(`\n7 of ${truth.length} shown. Go on with --offset 7.\n`);
    else expect(names.slice(1, -1)).toEqual(expect.arrayContaining(truth.map((row) => row.text)));
  });

  test.each([
    ['"a.b".c', "a.b", "c"],
    ['a."b.c"', "a", "b.c"],
    ["S1.events", "s1", "events"],
    ["s2.events", "s2", "events"],
    ['"Weird Schema.ü"."Ev""ents . Ünïcode ☃"', "Weird Schema.ü", 'Ev"ents . Ünïcode ☃'],
    ['"a/b?c#d%2F&e=\\f"', "public", "a/b?c#d%2F&e=\\f"],
  ])("%s is one table at every door", async (typed, schema, root) => {
    const wanted = figures(
      truth.filter(({ rootSchema, rootName }) => rootSchema === schema && rootName === root),
    );
    expect(wanted.length).toBeGreaterThan(0);
    const { rows } = await doors.ask<{ rows: PartitionRow[] }>("partitions", { schema, root });
    expect(figures(rows)).toEqual(wanted);
    const { lanes } = await doors.read<PartitionLanes>("partitionLanes", { schema, root });
    const cells = lanes.flatMap((lane) => lane.cells.map(({ oid }) => oid));
    expect(cells.toSorted()).toEqual(wanted.map(({ oid }) => oid).toSorted());
    if (!big && typed !== "s2.events") {
      const listed = await doors.run("partitions", "list", "--json", "--table", typed);
      expect(figures(JSON.parse(listed).rows)).toEqual(wanted);
    }
  });

  test("the tables' own figures are their partitions' added up", async () => {
    const trees = await doors.read<PartitionTree[]>("partitionTrees");
    const roots = await doors.stranger.sql<{ oid: number; root: string }[]>`
      select c.oid::int8::int as oid, format('%I.%I', nspname, relname) as root
      from pg_class c join pg_namespace n on n.oid = relnamespace where relkind = 'p' and not relispartition`;
    const sum = (values: (number | null)[]) =>
      values.reduce<number | null>((all, value) => (value === null ? all : (all ?? 0) + value), null);
    const expected = roots.map(({ oid, root }) => {
      const leaves = truth.filter((row) => row.root === root);
      return {
        oid,
        leaves: leaves.length,
        totalBytes: sum(leaves.map((row) => row.totalBytes)),
        rowsEstimated: sum(leaves.map((row) => row.rowsEstimated)),
      };
    });
    const found = trees.map(({ oid, leaves, totalBytes, rowsEstimated }) => ({
      oid,
      leaves,
      totalBytes,
      rowsEstimated,
    }));
    expect(found.sort((a, b) => a.oid - b.oid)).toEqual(expected.sort((a, b) => a.oid - b.oid));
  });

  test("every partition is sampled under a key of its own, and its growth is found by its name", async () => {
    const { stranger, console } = doors;
    const audit = stranger.open(stranger.watchUrl, "audit");
    const now = Date.now();
    const slot = Math.floor(now / 600_000) * 600_000;
    const options = {
      sql: console.sql,
      audit,
      catalogue: createCatalogue(console.sql),
      context: { instances: async () => [] },
      meter: createCostMeter(),
      clock: Date.now,
    };
    // A vacuum of the server's own may add a page of a table's map at any moment.
    const before = await readTruth(stranger);
    for (const name of ["partitions", "tables"]) {
      const sampler = samplers.find((each) => each.name === name);
      if (sampler?.form !== "objects") throw new Error(`no sampler ${name}`);
      const samples = await sampler.sample(audit);
      expect(new Set(samples.map(({ key }) => key)).size).toBe(samples.length);
      expect(await createSamplerRun(sampler, options).take(slot, Number.POSITIVE_INFINITY)).toBe("stored");
      if (name === "partitions") expect(samples).toHaveLength(truth.length);
    }
    const after = await readTruth(stranger);
    for (const [schema, name] of [
      ["a.b", "c_1"],
      ["a", "b.c_1"],
      ["Weird Schema.ü", "def"],
    ]) {
      const range = {
        from: new Date(slot - 600_000).toISOString(),
        to: new Date(slot + 1_200_000).toISOString(),
      };
      const grown = await doors.read<SeriesHistory>("partitionHistory", { schema, name, range });
      const known = (grown.series.bytes ?? []).flatMap(([, bytes]) => (bytes === null ? [] : [bytes]));
      const direct = [before, after].map(
        (rows) => rows.find((row) => row.schema === schema && row.name === name)?.totalBytes,
      );
      expect([name, known.length, direct]).toEqual([name, 1, expect.arrayContaining(known)]);
    }
  });
});
