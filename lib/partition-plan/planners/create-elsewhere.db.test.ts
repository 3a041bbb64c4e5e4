import { chownSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Planned, startPlanned } from "../../testing/plan-partitions.ts";

const now = "2024-02-15T00:00:00Z";
let planned: Planned;
let folder: string;
let space: string;

beforeAll(async () => {
  planned = await startPlanned(18);
  const { sql, name } = planned.database;
  folder = mkdtempSync(path.join(tmpdir(), "audit-test-space-"));
  const [{ dir } = { dir: "" }] = await sql<
    { dir: string }[]
  >`select current_setting('data_directory') as dir`;
  const { uid, gid } = statSync(dir);
  chownSync(folder, uid, gid);
  space = `space ${name}`;
  await sql.unsafe(`create tablespace "${space}" location '${folder}'`);
});
afterAll(async () => {
  const { sql } = planned.database;
  await sql`drop table public.near, public.far`;
  await sql`drop tablespace ${sql(space)}`;
  await planned.close();
  rmSync(folder, { recursive: true, force: true });
});

const build = (name: string, tablespace = "") =>
  planned.database.sql.unsafe(`
    create table public.${name} (id bigint, at timestamptz not null, primary key (id, at)) partition by range (at);
    create table public.${name}_2024_01 partition of public.${name} for values from ('2024-01-01 00:00+00') to ('2024-02-01 00:00+00') ${tablespace};
    create table public.${name}_2024_02 partition of public.${name} for values from ('2024-02-01 00:00+00') to ('2024-03-01 00:00+00') ${tablespace}`);
const spacesOf = async (name: string) => {
  const rows = await planned.database.sql`
    select c.relname as name, t.spcname as space from pg_inherits join pg_class c on c.oid = inhrelid
    left join pg_tablespace t on t.oid = c.reltablespace where inhparent = ${name}::regclass order by 1`;
  return Object.fromEntries(rows.map((row) => [row.name, row.space]));
};

test("a partition is made in the tablespace that is asked for, and otherwise in its sibling's", async () => {
  await build("near");
  const asked = { table: { schema: "public", name: "near" }, ahead: 1, tablespace: space };
  await planned.carryOut(await planned.plan(asked, now));
  expect(await spacesOf("near")).toEqual({ near_2024_01: null, near_2024_02: null, near_2024_03: space });
  await build("far", `tablespace "${space}"`);
  await planned.carryOut(await planned.plan({ table: { schema: "public", name: "far" }, ahead: 1 }, now));
  expect(await spacesOf("far")).toEqual({ far_2024_01: space, far_2024_02: space, far_2024_03: space });
});

test("a gap of a key of two columns is filled from one bound to the next", async () => {
  const { sql } = planned.database;
  await sql.unsafe(`
    create table public.pair (at date not null, region int not null, primary key (at, region)) partition by range (at, region);
    create table public.pair_2024_01 partition of public.pair for values from ('2024-01-01', minvalue) to ('2024-02-01', minvalue);
    create table public.pair_2024_03 partition of public.pair for values from ('2024-03-01', minvalue) to ('2024-04-01', minvalue);
    create table public.pair_2024_04 partition of public.pair for values from ('2024-04-01', minvalue) to ('2024-05-01', minvalue)`);
  const draft = await planned.plan(
    { table: { schema: "public", name: "pair" }, between: { from: "2024-02-01", to: "2024-03-01" } },
    now,
  );
  expect(draft.refusals ?? []).toEqual([]);
  expect(await planned.carryOut(draft)).toEqual(["pair_2024_02"]);
  const [row] =
    await sql`select pg_get_expr(relpartbound, oid) as bounds from pg_class where relname = 'pair_2024_02'`;
  expect(row?.bounds).toBe("FOR VALUES FROM ('2024-02-01', MINVALUE) TO ('2024-03-01', MINVALUE)");
  await sql`insert into public.pair values ('2024-02-01', -5), ('2024-02-29', 5)`;
  const [count] = await sql`select count(*)::int as rows from public.pair_2024_02`;
  expect(count).toEqual({ rows: 2 });
});
