import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { connect } from "../audit-db/connect.ts";
import type { AuditDb } from "../audit-db/types.ts";
import { createDatabase, type TestDatabase } from "../testing/database.ts";
import { makePlan } from "./make-plan.ts";
import type { PlanRequest } from "./request.ts";

const silent = { debug() {}, info() {}, warn() {}, error() {} };
const named = (name: string) => ({ schema: "public", name });
const attach = (name: string, from: number): PlanRequest => ({
  verb: "attach",
  partition: named(name),
  table: named("joined"),
  bounds: { from: `${from}`, to: `${from + 100}` },
});

/** What is asked for, and the locks on tables that are joined. */
const asked: Record<string, [PlanRequest, Record<string, string>]> = {
  "creating a partition": [
    { verb: "create", table: named("joined"), between: { from: "300", to: "400" } },
    { "public.kind": "SHARE ROW EXCLUSIVE", "public.note": "SHARE ROW EXCLUSIVE" },
  ],
  // It is given the foreign key first, so that attaching validates nothing.
  "attaching a table without the foreign key": [
    attach("bare", 400),
    { "public.kind": "ACCESS EXCLUSIVE", "public.note": "SHARE ROW EXCLUSIVE" },
  ],
  "attaching a table with the foreign key": [
    attach("same", 500),
    { "public.kind": "ACCESS EXCLUSIVE", "public.note": "SHARE ROW EXCLUSIVE" },
  ],
  "detaching under a lock": [
    { verb: "detach", partition: named("kept_100"), how: "under lock" },
    { "public.kind": "SHARE ROW EXCLUSIVE" },
  ],
  "a default that becomes the partition of its rows": [
    { verb: "repair", partition: named("kept_rest"), how: "rows stay", rowsNeverChange: false },
    { "public.kind": "ACCESS EXCLUSIVE" },
  ],
  "rows that move out of a default": [
    { verb: "repair", partition: named("kept_rest"), how: "rows move", rowsNeverChange: false },
    { "public.kind": "SHARE ROW EXCLUSIVE" },
  ],
};

describe.each([15, 18] as const)("on PostgreSQL %i", (server) => {
  let database: TestDatabase;
  let audit: AuditDb;
  beforeAll(async () => {
    database = await createDatabase({ server, template: "empty" });
    const watch = await database.login(["pg_monitor"]);
    audit = connect({ target: "t", urls: { watch, maintenance: database.url }, logger: silent });
    await database.sql`create table public.kind (id int primary key)`;
    for (const name of ["joined", "kept"])
      await database.sql.unsafe(`
        create table public.${name} (id int primary key, kind int references public.kind) partition by range (id);
        create table public.${name}_0 partition of public.${name} for values from (0) to (100);
        create table public.${name}_100 partition of public.${name} for values from (100) to (200);
        create table public.${name}_200 partition of public.${name} for values from (200) to (300);
        create table public.${name}_rest partition of public.${name} default`);
    await database.sql.unsafe(`
      create table public.note (id int primary key, about int references public.joined);
      create table public.bare (id int primary key, kind int);
      create table public.same (id int primary key, kind int references public.kind);
      insert into public.kind values (1);
      insert into public.joined values (250, 1);
      insert into public.kept values (350, 1);
      insert into public.note values (1, 250)`);
  });
  afterAll(async () => {
    await audit.close();
    await database.drop();
  });

  test.each(Object.entries(asked))(
    "%s: the plan's locks are those the server holds",
    async (_, [request, joined]) => {
      const plan = await makePlan({ audit, now: new Date() }, request, 200);
      expect(plan.refusals).toEqual([]);
      const sql = postgres(database.url, { max: 1, onnotice: () => {} });
      for (const { alone, locks, sql: statements } of plan.steps) {
        const names = await sql<{ oid: number; name: string }[]>`
        select oid, oid::regclass::text as name from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')`;
        const nameOf = new Map(names.map(({ oid, name }) => [oid, `public.${name}`]));
        await sql.unsafe([...(alone ? [] : ["begin"]), ...statements].join("; "));
        if (alone) continue;
        const held = await sql<{ relation: number; mode: string }[]>`
        select distinct on (l.relation) l.relation, m.mode from pg_locks l
        join (values ('ShareUpdateExclusiveLock', 'SHARE UPDATE EXCLUSIVE', 1), ('ShareLock', 'SHARE', 2),
                     ('ShareRowExclusiveLock', 'SHARE ROW EXCLUSIVE', 3), ('AccessExclusiveLock', 'ACCESS EXCLUSIVE', 4)) m (held, mode, rank)
          on m.held = l.mode
        where l.pid = pg_backend_pid() and l.relation = any (${names.map(({ oid }) => oid)})
        order by l.relation, m.rank desc`;
        const told = Object.fromEntries(locks.map(({ relation, mode }) => [relation, mode]));
        expect(told).toEqual(
          Object.fromEntries(held.map(({ relation, mode }) => [nameOf.get(relation), mode])),
        );
        const last = statements === plan.steps.at(-1)?.sql;
        if (last) expect(told).toMatchObject(joined);
        await sql.unsafe(last ? "rollback" : "commit");
      }
      await sql.end();
    },
  );
});
