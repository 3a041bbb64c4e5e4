import postgres from "postgres";
import { afterEach, describe, expect, test } from "vitest";
import { createDatabase, type TestDatabase } from "../../testing/database.ts";
import { extendPartitions } from "./extend-partitions.ts";
import { migrateAudit, planAuditMigration } from "./migrate.ts";

const open: { drop(): Promise<void> }[] = [];
async function database(server: 15 | 18, template: "audit" | "empty"): Promise<TestDatabase> {
  const made = await createDatabase({ server, template });
  open.push(made);
  return made;
}
afterEach(async () => {
  for (const one of open.splice(0)) await one.drop();
});

describe.each([15, 18] as const)("migrating on PostgreSQL %i", (server) => {
  test("the plan shows every statement and changes nothing; running it leaves nothing to do", async () => {
    const { url, sql } = await database(server, "empty");
    const before = await planAuditMigration(url);
    expect(before.applied).toEqual([]);
    expect(before.pending.map((step) => step.name)).toEqual([
      "0000_roles",
      "0001_audit_log",
      "0002_guards_and_grants",
      "0003_leaves_and_people",
      "0004_redactable_fields",
      "partitions",
    ]);
    expect(before.pending.at(-1)?.sql).toContain("ATTACH PARTITION");
    expect(await sql`select to_regclass('audit_log') as log`).toEqual([{ log: null }]);

    const steps: string[] = [];
    await migrateAudit(url, { onStep: (step) => steps.push(`${step.index}/${step.count} ${step.name}`) });
    expect(steps).toEqual([
      "1/6 0000_roles",
      "2/6 0001_audit_log",
      "3/6 0002_guards_and_grants",
      "4/6 0003_leaves_and_people",
      "5/6 0004_redactable_fields",
      "6/6 partitions",
    ]);
    expect(await planAuditMigration(url)).toEqual({
      pending: [],
      applied: [
        "0000_roles",
        "0001_audit_log",
        "0002_guards_and_grants",
        "0003_leaves_and_people",
        "0004_redactable_fields",
      ],
    });
    expect((await migrateAudit(url)).pending).toEqual([]);
  });

  test("the planned statements, run by hand, give the schema that migrating gives", async () => {
    const [byHand, byUs] = [await database(server, "empty"), await database(server, "audit")];
    const hand = postgres(byHand.url, { max: 1, onnotice: () => {} });
    for (const step of (await planAuditMigration(byHand.url)).pending) await hand.unsafe(step.sql);
    await hand.end();
    expect((await planAuditMigration(byHand.url)).pending).toEqual([]);
    const shape = (of: TestDatabase) => of.sql`
      select relname, relkind, relowner::regrole::text as owner, relacl::text as grants,
             pg_get_expr(relpartbound, oid) as bounds, relispartition
      from pg_class where relnamespace = 'public'::regnamespace and relname ~ '^(audit_(log|q)|retention)'
      order by relname`;
    expect(await shape(byHand)).toEqual(await shape(byUs));
  });

  test("every policy has a branch and partitions from this month to the third after it, in UTC", async () => {
    const { sql } = await database(server, "audit");
    const policies = await sql`
      select name, floor_days, archive_after_days from retention_policy order by name`;
    expect(policies).toEqual([
      { name: "confidential", floor_days: 1825, archive_after_days: 365 },
      { name: "minimal", floor_days: 90, archive_after_days: 30 },
      { name: "phi", floor_days: 2555, archive_after_days: 365 },
      { name: "standard", floor_days: 2555, archive_after_days: 365 },
    ]);
    await sql`set timezone = 'Pacific/Auckland'`;
    const now = new Date();
    const leaves = await sql`
      select parent.relname as branch, count(*)::int as n,
             bool_and(pg_get_expr(c.relpartbound, c.oid) is not null) as bounded
      from pg_inherits join pg_class c on c.oid = inhrelid join pg_class parent on parent.oid = inhparent
      where parent.relname like 'audit\\_log\\_%' and c.relkind = 'r' group by 1 order by 1`;
    expect(leaves.map((row) => [row.branch, row.n])).toEqual([
      ["audit_log_confidential", 4],
      ["audit_log_minimal", 4],
      ["audit_log_phi", 4],
      ["audit_log_standard", 4],
    ]);
    const last = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 3, 1)).toISOString().slice(0, 7);
    expect(await sql`select to_regclass(${`audit_log_phi_${last.replace("-", "_")}`}) as t`).not.toEqual([
      { t: null },
    ]);
  });

  test("two at once apply everything once", async () => {
    const { url, sql } = await database(server, "empty");
    await Promise.all([migrateAudit(url), migrateAudit(url)]);
    expect(await sql`select count(*)::int as n from audit_migrations`).toEqual([{ n: 5 }]);
  });

  test("the database's owner with CREATEROLE is enough, and can migrate again", async () => {
    const { sql, login, name } = await database(server, "empty");
    const url = await login();
    const role = new URL(url).username;
    await sql.unsafe(`alter role ${role} createrole; alter database ${name} owner to ${role}`);
    // The group roles exist already on this server: only an administrator of theirs may hand them on.
    await sql.unsafe(`grant audit_maintainer to ${role} ${server === 18 ? "with admin option" : ""}`);
    await migrateAudit(url);
    expect((await migrateAudit(url)).pending).toEqual([]);
    await sql.unsafe(`reassign owned by ${role} to postgres; drop owned by ${role}`);
  });

  test("a role without the grants is told which, with the SQL, before anything happens", async () => {
    const { login, sql } = await database(server, "empty");
    const url = await login();
    await expect(migrateAudit(url)).rejects.toMatchObject({
      code: "FORBIDDEN",
      message: expect.stringContaining("CREATE on schema public"),
      hint: expect.stringContaining("GRANT CREATE ON SCHEMA public"),
    });
    expect(await sql`select to_regclass('audit_migrations') as t`).toEqual([{ t: null }]);
  });

  test("a stranger's audit_log is left alone", async () => {
    const { url, sql } = await database(server, "empty");
    await sql`create table audit_log (what text)`;
    await expect(migrateAudit(url)).rejects.toMatchObject({ code: "CONFLICT" });
    await expect(planAuditMigration(url)).rejects.toMatchObject({ code: "CONFLICT" });
  });

  test("a migration that changed after it was applied is refused", async () => {
    const { url, sql } = await database(server, "audit");
    await sql`update audit_migrations set hash = 'other' where name = '0001_audit_log'`;
    await expect(migrateAudit(url)).rejects.toMatchObject({
      code: "CONFLICT",
      message: expect.stringContaining("0001_audit_log"),
    });
  });

  test("a partition is added behind a long reader without holding up a writer, and is guarded", async () => {
    const { url, sql, login } = await database(server, "audit");
    const reader = await sql.reserve();
    await reader`begin`;
    await reader`select count(*) from audit_log`;
    const maintainer = postgres(await login(["audit_maintainer"]), { max: 1, onnotice: () => {} });
    const writer = postgres(url, { max: 1, onnotice: () => {} });
    await writer`set lock_timeout = '200ms'`;
    const added = await extendPartitions(maintainer, {
      now: new Date(),
      ahead: 3,
      from: (policy) => (policy === "standard" ? new Date("2020-01-15T00:00:00Z") : new Date()),
    });
    expect(added[0]).toBe("audit_log_standard_2020_01");
    await writer`
      insert into audit_log (id, occurred_at, recorded_at, organization_id, action, status, event_version,
        data_classification, retention_policy, details, leaf_version, leaf)
      values (gen_random_uuid(), '2020-01-31T23:59:59Z', now(), 'o', 'a', 'success', 1, 'INTERNAL', 'standard', '{}',
        0, '')`;
    await reader`rollback`;
    reader.release();
    expect(await sql`select tableoid::regclass::text as t from audit_log`).toEqual([
      { t: "audit_log_standard_2020_01" },
    ]);
    await expect(sql`truncate audit_log_standard_2020_01`).rejects.toMatchObject({ code: "42501" });
    expect(await extendPartitions(maintainer, { now: new Date(), ahead: 3 })).toEqual([]);
    await maintainer.end();
    await writer.end();
  });
});

test("a server that cannot be reached is named without its URL", async () => {
  const url = "postgres://someone:hunter2@127.0.0.1:1/audit";
  const thrown: unknown = await planAuditMigration(url).catch((error: unknown) => error);
  expect(thrown).toMatchObject({ code: "UNAVAILABLE" });
  expect(String(thrown)).not.toContain("hunter2");
});
