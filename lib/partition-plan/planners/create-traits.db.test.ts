import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Planned, startPlanned } from "../../testing/plan-partitions.ts";
import { carryOut } from "../carry-out.ts";
import { makePlan } from "../make-plan.ts";
import { planRequest } from "../request.ts";

const now = "2026-11-27T17:00:00Z";

describe.each([15, 18] as const)("on PostgreSQL %i", (server) => {
  let planned: Planned;
  const roles = ["owner", "reader", "writer"].map((name) => `${name}_${server}_${process.pid}`);
  const [owner, reader, writer] = roles as [string, string, string];
  beforeAll(async () => {
    planned = await startPlanned(server);
    for (const role of roles) await planned.database.sql.unsafe(`create role ${role}`);
    await planned.database.sql.unsafe(`grant create on schema public to ${owner}`);
  });
  afterAll(async () => {
    for (const role of roles)
      await planned.database.sql.unsafe(`drop owned by ${role} cascade; drop role ${role}`);
    await planned.close();
  });

  /** All that a partition has of its own, by its names and not by its numbers. */
  async function describeTable(table: string) {
    const [row] = await planned.database.sql`
      select relkind, relpersistence, (select amname from pg_am where oid = relam) as am, reloptions, relreplident,
             relrowsecurity, relforcerowsecurity, pg_get_userbyid(relowner) as owner,
             array(select a::text from unnest(relacl) as a order by 1) as acl,
             (select reloptions from pg_class t where t.oid = c.reltoastrelid) as toast,
             obj_description(c.oid, 'pg_class') as comment,
             array(select format('%s %s %s %s %s', attname, attnotnull, attidentity, nullif(attstattarget, -1),
                                 (select array_agg(a::text order by 1) from unnest(attacl) as a))
                          || coalesce(col_description(c.oid, attnum), '')
                          || array(select o from unnest(attoptions) as o where o like 'n_distinct%')::text
                   from pg_attribute where attrelid = c.oid and attnum > 0 order by attnum) as columns,
             array(select format('%s %s %s %s %s %s', tgname, tgtype, tgenabled, tgparentid <> 0, tgfoid::regproc,
                                 obj_description(t.oid, 'pg_trigger'))
                   from pg_trigger t where tgrelid = c.oid and not tgisinternal order by tgname) as triggers,
             array(select format('%s %s', adnum, pg_get_expr(adbin, adrelid))
                   from pg_attrdef where adrelid = c.oid order by 1) as defaults,
             array(select format('%s %s %s %s %s %s', obj_description(pg_policy.oid, 'pg_policy'), polname, polpermissive, polcmd,
                                 array(select r::regrole::text from unnest(polroles) as r),
                                 regexp_replace(pg_get_expr(polqual, polrelid), '= "logged p2026-1."\\.', '= T.'))
                   from pg_policy where polrelid = c.oid order by polname) as policies,
             array(select pubname from pg_publication_rel join pg_publication p on p.oid = prpubid
                   where prrelid = c.oid order by 1)::text[] as publications,
             array(select format('%s %s %s %s', indisunique, indisprimary, indisreplident,
                                 regexp_replace(pg_get_indexdef(indexrelid), '^.* USING', ''))
                   from pg_index where indrelid = c.oid order by 1) as indexes,
             array(select format('%s %s', contype, case when contype <> 'c' then pg_get_constraintdef(oid) end)
                   from pg_constraint where conrelid = c.oid and contype <> 'n' order by 1) as constraints
      from pg_class c where oid = ${table}::text::regclass`;
    return row;
  }

  test("a new partition has in every catalogue what its sibling has", async () => {
    const { sql } = planned.database;
    await sql.unsafe(
      `
      create access method "Heap 2" type table handler heap_tableam_handler;
      create function note() returns trigger language plpgsql as 'begin return null; end';
      create table people (id int primary key);
      create table logged (
        id bigint generated always as identity, at timestamptz not null, who int references people, note text,
        tenant text, primary key (id, at), unique (at, id)
      ) partition by range (at);
      alter table logged owner to ${owner};
      create table refers (logged_id bigint, logged_at timestamptz,
        foreign key (logged_id, logged_at) references logged (id, at));
      comment on column logged.note is 'of the parent';
      create trigger parent_row after insert on logged for each row execute function note();
      create table "logged p2026-11" partition of logged for values from ('2026-11-01 00:00+00') to ('2026-12-01 00:00+00')
        using "Heap 2" with (fillfactor = 70, autovacuum_enabled = off, toast.autovacuum_enabled = off);
      alter table "logged p2026-11" owner to ${owner};
      comment on table "logged p2026-11" is 'It''s kept \\ here';
      comment on column "logged p2026-11".note is 'of the partition';
      alter table "logged p2026-11" alter column note set statistics 333, alter column tenant set (n_distinct = 7);
      create trigger "own ON logged" after insert or update of note on "logged p2026-11" for each statement
        when (true) execute function note('ON public.x');
      comment on trigger "own ON logged" on "logged p2026-11" is 'a trigger';
      alter table "logged p2026-11" enable always trigger "own ON logged", enable replica trigger parent_row;
      alter table "logged p2026-11" enable row level security, force row level security;
      create policy "by tenant" on "logged p2026-11" as restrictive for select to ${reader}, public
        using (exists (select from people where people.id = "logged p2026-11".who) or tenant = '"logged p2026-11".who');
      create policy adding on "logged p2026-11" for insert to ${writer} with check (tenant is not null);
      grant select, insert on "logged p2026-11" to ${writer} with grant option;
      grant select (at, note), update (note) on "logged p2026-11" to ${reader};
      revoke truncate on "logged p2026-11" from ${owner};
      create publication some_rows for table only "logged p2026-11" (id, at) where (id > 5);
      alter publication some_rows owner to ${owner};
      create index on "logged p2026-11" (lower(tenant)) where note is not null;
      alter table "logged p2026-11" add unique (note, at);
      alter table "logged p2026-11" alter note set default 'it''s ' || current_user;
      comment on policy adding on "logged p2026-11" is 'of the policy';
      alter table "logged p2026-11" replica identity using index "logged p2026-11_at_id_key";
      alter default privileges for role ${owner} in schema public grant select, delete on tables to ${reader};`.replace(
        "(id, at) where (id > 5)",
        server === 15 ? "" : "(id, at) where (id > 5)",
      ),
    );
    const draft = await planned.plan({ table: { name: "logged" }, ahead: 1 }, now);
    expect(draft.refusals).toEqual([]);
    expect(draft.notes).toEqual([
      "Each takes 1 month (timestamp with time zone, UTC) and is named {table} p{yyyy}-{mm}, learned from those there are.",
      'Like public."logged p2026-11", the newest: grants, triggers, access method Heap 2, storage parameters, statistics targets, column defaults, indexes of its own, replica identity, publications, row security, comment.',
      "Published by some_rows: create the new tables on subscribers first, or replication to them stops.",
    ]);
    expect(await planned.carryOut(draft)).toEqual(["logged p2026-12"]);
    const [made, sibling] = [
      await describeTable('"logged p2026-12"'),
      await describeTable('"logged p2026-11"'),
    ];
    // It has its CHECK besides.
    expect(made?.constraints.filter((one: string) => one !== "c ")).toEqual(sibling?.constraints);
    expect({ ...made, constraints: null }).toEqual({ ...sibling, constraints: null });
    await sql`insert into logged (at, tenant) values ('2026-12-05', 't')`;
  });

  test("the plan names the locks on tables joined by foreign keys, and is carried out as it stands", async () => {
    const { audit } = planned;
    const request = planRequest.parse({ verb: "create", table: { name: "logged" }, ahead: 2 });
    const plan = await makePlan({ audit, now: new Date(now) }, request, 200);
    expect(plan.steps.map(({ id, locks }) => ({ id, locks }))).toEqual([
      {
        id: 'create public."logged p2027-01"',
        locks: [
          { relation: "public.logged", mode: "SHARE UPDATE EXCLUSIVE", stops: "other changes of structure" },
          { relation: "public.people", mode: "SHARE ROW EXCLUSIVE", stops: "writes" },
          { relation: "public.refers", mode: "SHARE ROW EXCLUSIVE", stops: "writes" },
        ],
      },
    ]);
    expect(plan).toMatchObject({ runsAs: owner, refusals: [], title: "Create 1 partition of public.logged" });
    const outcomes = await carryOut({
      audit,
      plan,
      until: new Date(Date.now() + 60_000),
      checkpoint: async () => {},
      progress() {},
      log() {},
      signal: new AbortController().signal,
    });
    expect(outcomes.map(({ outcome, why }) => [outcome, why])).toEqual([["done", null]]);
    const [made, sibling] = [
      await describeTable('"logged p2027-01"'),
      await describeTable('"logged p2026-11"'),
    ];
    expect(made?.triggers).toEqual(sibling?.triggers);
    expect([made?.owner, made?.acl]).toEqual([owner, sibling?.acl]);
  });

  test("rights that the owner of the tree lacks are named with their GRANT", async () => {
    const { sql } = planned.database;
    await sql.unsafe(`
      create table lacking (at date not null) partition by range (at);
      create table lacking_20261127 partition of lacking for values from ('2026-11-27') to ('2026-11-28');
      alter table lacking owner to ${reader};
      create publication others for table only lacking_20261127;`);
    const draft = await planned.plan({ table: { name: "lacking" }, ahead: 1 }, now);
    expect(draft.steps).toEqual([]);
    expect(draft.refusals?.map(({ outcome, words }) => `${outcome}: ${words}`)).toEqual([
      `blocked: ${reader} owns the table and may not create tables in schema public. Run: GRANT CREATE ON SCHEMA public TO ${reader};`,
      `blocked: Its newest partition belongs to postgres, and ${reader}, who owns the table, is no member of that role. Run: GRANT postgres TO ${reader};`,
      `blocked: Its newest partition is in the publication others of postgres, to which ${reader} may add none. Run: GRANT postgres TO ${reader};`,
    ]);
  });

  test("a new range brings sub-partitions like its sibling's: list, hash, ranges of its own and of another key", async () => {
    const { sql } = planned.database;
    await sql.unsafe(`
      create table tree (kind text, at timestamptz not null, id int not null, n int) partition by list (kind);
      create table tree_a partition of tree for values in ('a', null) partition by range (at);
      create table tree_a_2026_11 partition of tree_a for values from ('2026-11-01 00:00+00') to ('2026-12-01 00:00+00')
        partition by hash (id);
      create table tree_a_2026_11_h0 partition of tree_a_2026_11 for values with (modulus 2, remainder 0);
      create table tree_a_2026_11_h1 partition of tree_a_2026_11 for values with (modulus 2, remainder 1) with (fillfactor = 60);
      create table tree_b partition of tree for values in ('b') partition by range (at);
      create table years (at date not null, n int) partition by range (at);
      create table years_2026 partition of years for values from ('2026-01-01') to ('2027-01-01') partition by range (at);
      create table years_2026_10 partition of years_2026 for values from ('2026-10-01') to ('2026-11-01');
      create table years_2026_11 partition of years_2026 for values from ('2026-11-01') to ('2026-12-01');
      create table lists (at date not null, region text) partition by range (at);
      create table lists_11 partition of lists for values from ('2026-11-01') to ('2026-12-01') partition by list (region);
      create table eu_2026_11 partition of lists_11 for values in ('eu', 'it''s');
      create table us_2026_11 partition of lists_11 for values in ('us') partition by range (region);
      create table us_2026_11_x partition of us_2026_11 for values from ('a') to (maxvalue);
      create table other_2026_11 partition of lists_11 default;`);
    const hashes = await planned.plan({ table: { name: "tree" }, ahead: 1 }, now);
    expect(hashes.refusals).toEqual([]);
    expect(await planned.carryOut(hashes)).toEqual(["tree_a_2026_12", "tree_b_2026_11", "tree_b_2026_12"]);
    const years = await planned.plan({ table: { name: "years" }, ahead: 1 }, now);
    expect(await planned.carryOut(years)).toEqual(["years_2027", "years_2026_12"]);
    const lists = await planned.plan({ table: { name: "lists" }, ahead: 1 }, now);
    expect(await planned.carryOut(lists)).toEqual(["lists_2026_12"]);
    const below = await sql<{ line: string }[]>`
      select format('%s in %s: %s%s', c.relname, p.relname, pg_get_expr(c.relpartbound, c.oid), ' ' || c.reloptions::text) as line
      from pg_inherits join pg_class c on c.oid = inhrelid join pg_class p on p.oid = inhparent
      where p.relname in ('tree_a_2026_12', 'tree_b_2026_12', 'lists_2026_12', 'us_2026_12') order by 1`;
    expect(below.map(({ line }) => line)).toEqual([
      "eu_2026_12 in lists_2026_12: FOR VALUES IN ('eu', 'it''s')",
      "other_2026_12 in lists_2026_12: DEFAULT",
      "tree_a_2026_12_h0 in tree_a_2026_12: FOR VALUES WITH (modulus 2, remainder 0)",
      "tree_a_2026_12_h1 in tree_a_2026_12: FOR VALUES WITH (modulus 2, remainder 1) {fillfactor=60}",
      "tree_b_2026_12_h0 in tree_b_2026_12: FOR VALUES WITH (modulus 2, remainder 0)",
      "tree_b_2026_12_h1 in tree_b_2026_12: FOR VALUES WITH (modulus 2, remainder 1) {fillfactor=60}",
      "us_2026_12 in lists_2026_12: FOR VALUES IN ('us')",
      "us_2026_12_x in us_2026_12: FOR VALUES FROM ('a') TO (MAXVALUE)",
    ]);
    const [months] = await sql`
      select count(*)::int as n, min(c.relname) as first, max(c.relname) as last
      from pg_inherits join pg_class c on c.oid = inhrelid where inhparent = 'years_2027'::regclass`;
    expect(months).toEqual({ n: 12, first: "years_2027_01", last: "years_2027_12" });
    const landed = await sql<{ lands: string }[]>`
      insert into years values ('2027-02-28'), ('2026-12-31') returning tableoid::regclass::text as lands`;
    expect(landed.map(({ lands }) => lands)).toEqual(["years_2027_02", "years_2026_12"]);
    await sql`insert into tree values ('a', '2026-12-31', 1), (null, '2026-12-31', 2), ('b', '2026-12-31', 3)`;
  });

  test("beside a default partition the scan is said, and rows in the way lead to its repair", async () => {
    const { sql } = planned.database;
    await sql.unsafe(`
      create table beside (at date not null, n int) partition by range (at);
      create table beside_2026_11 partition of beside for values from ('2026-11-01') to ('2026-12-01');
      create table beside_rest partition of beside default;
      insert into beside values ('2027-01-15', 1), ('2027-01-31', 2), ('2029-01-01', 3);
      analyze beside_rest;`);
    const draft = await planned.plan({ table: { name: "beside" }, ahead: 3 }, now);
    expect(draft.refusals).toEqual([
      {
        object: "public.beside_2027_01",
        outcome: "blocked",
        words:
          "The default partition public.beside_rest holds 2 rows of its range. Repair public.beside_rest: that makes this partition and moves them there.",
      },
    ]);
    expect(draft.steps.map(({ params }) => (params as { scans: unknown }).scans)).toEqual([
      { relation: "public.beside_rest", rows: 3 },
      { relation: "public.beside_rest", rows: 3 },
    ]);
    expect(await planned.carryOut(draft)).toEqual(["beside_2026_12", "beside_2027_02"]);
    const [kept] = await sql`select count(*)::int as n from beside`;
    expect(kept?.n).toBe(3);
  });

  test("names of any kind: cut off, taken and doubled ones are refused with a pattern that does", async () => {
    const { sql } = planned.database;
    const long = "ü".repeat(26);
    await sql.unsafe(`
      create schema "Odd.Schema ""ü""";
      create table "Odd.Schema ""ü"""."Ev""ents ☃" (at date not null) partition by range (at);
      create table "Odd.Schema ""ü"""."P 2026.11 'x'" partition of "Odd.Schema ""ü"""."Ev""ents ☃"
        for values from ('2026-11-01') to ('2026-12-01');
      create table "${long}" (at date not null) partition by range (at);
      create table short_1 partition of "${long}" for values from ('2026-11-01') to ('2026-12-01');
      create table taken (at date not null) partition by range (at);
      create table taken_2026_11 partition of taken for values from ('2026-11-01') to ('2026-12-01');
      create type taken_2026_12 as enum ('x')`);
    const odd = await planned.plan({ table: { schema: 'Odd.Schema "ü"', name: 'Ev"ents ☃' }, ahead: 1 }, now);
    expect(odd.title).toBe('Create 1 partition of "Odd.Schema ""ü"""."Ev""ents ☃"');
    expect(await planned.carryOut(odd)).toEqual(["P 2026.12 'x'"]);
    const refusals = async (name: string, naming?: string) =>
      (await planned.plan({ table: { name }, ahead: 1, ...(naming && { cut: { naming } }) }, now)).refusals;
    const named = await refusals(long, "{table}_partition_{yyyy}_{mm}");
    expect(named?.[0]?.words).toBe(
      `The name has 70 bytes, and PostgreSQL keeps 63. Name partitions by another pattern, e.g. ${"ü".repeat(26)}_pa_{yyyy}_{mm}.`,
    );
    const proposed = /e\.g\. (.*)\.$/.exec(named?.[0]?.words ?? "")?.[1] ?? "";
    expect(await refusals(long, proposed)).toEqual([]);
    expect(await refusals("taken")).toEqual([
      {
        object: "public.taken_2026_12",
        outcome: "refused",
        words:
          "Something else has this name. If it is a partition that was detached, attach it; else name new ones by another pattern, e.g. {table}_{yyyy}_{mm}_b.",
      },
    ]);
    expect(await refusals("taken", "{table}_{yyyy}_{mm}_b")).toEqual([]);
    expect((await refusals("taken", "{table}_{year}"))?.[0]?.words).toMatch(
      /^\{year\} means nothing in a name\. /,
    );
    const doubled = await planned.plan(
      { table: { name: "taken" }, ahead: 2, cut: { naming: "t_{yy}" } },
      "2027-03-01T00:00:00Z",
    );
    expect(doubled.refusals?.map(({ words }) => words)).toEqual(
      Array(2).fill(
        "Two new partitions would have this name. Name them by more of their bounds, e.g. {table}_{yyyy}_{mm}_{dd}.",
      ),
    );
    expect(doubled.steps).toEqual([]);
  });
});
