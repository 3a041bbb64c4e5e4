import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { extendPartitions } from "../../audit-db/schema/extend-partitions.ts";
import { createDatabase, type TestDatabase } from "../../testing/database.ts";
import { type Planned, startPlanned } from "../../testing/plan-partitions.ts";

const table = { name: "audit_log" };
const later = "2031-03-15T09:00:00Z";

/** What the catalogues say of every partition, without what only its identity makes different. */
async function describePartitions({ sql }: Pick<TestDatabase, "sql">) {
  return sql`
    select c.relname as name, p.relname as parent, pg_get_expr(c.relpartbound, c.oid) as bounds,
           pg_get_userbyid(c.relowner) as owner, c.relacl, c.reloptions, c.relreplident, c.relrowsecurity,
           (select array_agg(conname || ' ' || pg_get_constraintdef(k.oid) order by conname)
            from pg_constraint k where conrelid = c.oid) as constraints,
           (select array_agg(format('%s %s %s %s', tgname, tgtype, tgenabled, tgparentid <> 0) order by tgname)
            from pg_trigger where tgrelid = c.oid) as triggers,
           (select array_agg(pg_get_indexdef(indexrelid) order by 1) from pg_index where indrelid = c.oid) as indexes
    from pg_inherits join pg_class c on c.oid = inhrelid join pg_class p on p.oid = inhparent
    where c.relname like 'audit_log%' and c.relkind = 'r' order by 1`;
}

describe.each([15, 18] as const)("the native table on PostgreSQL %i", (server) => {
  let planned: Planned;
  let migrated: TestDatabase;
  beforeAll(async () => {
    planned = await startPlanned(server, "audit");
    migrated = await createDatabase({ server, template: "audit" });
    for (const { sql } of [planned.database, migrated])
      await sql`update public.retention_policy set partition_interval = 'quarter' where name = 'phi'`;
    await migrated.sql`update public.retention_policy set partition_interval = 'week' where name = 'minimal'`;
    await planned.database
      .sql`update public.retention_policy set partition_interval = 'week' where name = 'minimal'`;
  });
  afterAll(async () => {
    await Promise.all([planned.close(), migrated.drop()]);
  });

  test("a plan of the root makes the partitions that migrate makes, to the last catalogue entry", async () => {
    const draft = await planned.plan({ table, ahead: 3 }, later);
    expect(draft.refusals).toEqual([]);
    const made = await planned.carryOut(draft);
    const extended = await extendPartitions(migrated.sql, { now: new Date(later), ahead: 3 });
    expect(made.toSorted()).toEqual(extended.toSorted());
    expect(made).toHaveLength(16);
    expect(made).toContain("audit_log_standard_2031_06");
    expect(made).toContain("audit_log_phi_2031_q4");
    expect(made).toContain("audit_log_minimal_2031_w13");
    expect(await describePartitions(planned.database)).toEqual(await describePartitions(migrated));
  });

  test("asked again there is nothing to do, and a branch of its own is planned alone", async () => {
    const again = await planned.plan({ table, ahead: 3 }, later);
    expect([again.steps, again.refusals]).toEqual([[], []]);
    const branch = await planned.plan({ table: { name: "audit_log_standard" }, ahead: 4 }, later);
    expect(branch.table).toEqual({ schema: "public", name: "audit_log" });
    expect(branch.steps.map(({ params }) => (params as { child: { name: string } }).child.name)).toEqual([
      "audit_log_standard_2031_07",
    ]);
    expect(branch.title).toBe("Create 1 partition of public.audit_log_standard");
  });

  test("a new retention policy's branch gets partitions with the guards of those beside it", async () => {
    const { sql } = planned.database;
    await sql`insert into public.retention_policy (name, data_classification, floor_days, legal_basis) values ('tax', 'INTERNAL', 1, 'x')`;
    await sql.unsafe(`
      create table public.audit_log_tax partition of public.audit_log for values in ('tax') partition by range (occurred_at);
      alter table public.audit_log_tax owner to audit_maintainer`);
    const draft = await planned.plan({ table, ahead: 0 }, later);
    expect(draft.refusals).toEqual([]);
    expect(await planned.carryOut(draft)).toEqual(["audit_log_tax_2031_03"]);
    const guards = await sql`
      select tgname, tgenabled from pg_trigger where tgrelid = 'audit_log_tax_2031_03'::regclass order by 1`;
    expect(guards.map(({ tgname, tgenabled }) => `${tgname} ${tgenabled}`)).toEqual([
      "audit_log_guard_row A",
      "audit_log_guard_statement A",
    ]);
  });
});
