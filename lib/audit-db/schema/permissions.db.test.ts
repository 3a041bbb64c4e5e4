import { readFileSync } from "node:fs";
import path from "node:path";
import postgres, { type Sql } from "postgres";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createDatabase, type TestDatabase } from "../../testing/database.ts";
import { append } from "../append/append.ts";
import { connect } from "../connect.ts";

const silent = { debug() {}, info() {}, warn() {}, error() {} };
const refused = { code: "42501" };

interface Grant {
  table: string;
  role: string;
  privilege: string;
  /** Sorted; `all` for the whole table. */
  columns: string;
}

/** The table between the grants marks of docs/permissions.md. */
function documentedGrants(): Grant[] {
  const text = readFileSync(path.resolve(import.meta.dirname, "../../../docs/permissions.md"), "utf8");
  const section = text.slice(text.indexOf("<!-- grants:"), text.indexOf("<!-- /grants -->"));
  return section
    .split("\n")
    .filter((line) => line.startsWith("| audit_") || line.startsWith("| retention_"))
    .map((line) => {
      const [table = "", role = "", privilege = "", columns = ""] = line
        .split("|")
        .slice(1, -1)
        .map((cell) => cell.trim());
      return { table, role, privilege, columns: columns.split(", ").sort().join(", ") };
    });
}

const byText = (a: Grant, b: Grant) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);

describe.each([15, 18] as const)("grants on PostgreSQL %i", (server) => {
  let database: TestDatabase;
  const clients: Sql[] = [];
  const as = async (...groups: string[]) => {
    const sql = postgres(await database.login(groups), { max: 1, onnotice: () => {} });
    clients.push(sql);
    return sql;
  };

  beforeAll(async () => {
    database = await createDatabase({ server, template: "audit" });
    const audit = connect({
      target: "audit",
      urls: { watch: database.url, write: database.url },
      logger: silent,
    });
    await append(audit, [{ organizationId: "o", action: "a.b", status: "success", details: { x: 1 } }]);
    await audit.close();
  });

  afterAll(async () => {
    await Promise.all(clients.map((sql) => sql.end({ timeout: 1 })));
    await database.drop();
  });

  test("docs/permissions.md lists exactly the grants there are", async () => {
    const tables = await database.sql<Grant[]>`
      select relname as table, grantee::regrole::text as role, privilege_type as privilege, 'all' as columns
      from pg_class cross join lateral aclexplode(relacl)
      where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and grantee <> relowner`;
    const columns = await database.sql<Grant[]>`
      select relname as table, grantee::regrole::text as role, privilege_type as privilege,
             string_agg(attname, ', ' order by attname collate "C") as columns
      from pg_class join pg_attribute on attrelid = pg_class.oid cross join lateral aclexplode(attacl)
      where relnamespace = 'public'::regnamespace and grantee <> relowner
      group by 1, 2, 3`;
    const granted = [...tables, ...columns].map((row) => ({ ...row })).sort(byText);
    expect(granted.length).toBeGreaterThan(0);
    expect(granted).toEqual(documentedGrants().sort(byText));
  });

  test("nothing is granted by default to what is made later, and PUBLIC has no function of ours", async () => {
    expect(await database.sql`select 1 from pg_default_acl`).toHaveLength(0);
    const [row] = await database.sql`
      select count(*)::int as functions from pg_proc cross join lateral aclexplode(proacl)
      where pronamespace = 'public'::regnamespace and proname like 'audit\\_%' and grantee = 0`;
    expect(row?.functions).toBe(0);
  });

  test("the maintainer group owns every table, and no group role can log in", async () => {
    const owners = await database.sql`
      select distinct relowner::regrole::text as owner from pg_class
      where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and relname ~ '^(audit|retention)_'`;
    expect(owners).toEqual([{ owner: "audit_maintainer" }]);
    const logins = await database.sql`
      select rolname from pg_roles where rolname ~ '^audit_(writer|reader|maintainer|privacy)$' and
        (rolcanlogin or rolsuper or rolcreaterole or rolcreatedb or rolbypassrls or rolreplication)`;
    expect(logins).toHaveLength(0);
  });

  test("a writer appends, and neither reads nor changes nor reaches a partition", async () => {
    const sql = await as("audit_writer");
    const [partition] = await database.sql`
      select tableoid::regclass::text as name from audit_log limit 1`;
    await expect(sql`select details from audit_log`).rejects.toMatchObject(refused);
    await expect(sql`select * from audit_quarantine`).rejects.toMatchObject(refused);
    await expect(sql`update audit_log set action = 'x'`).rejects.toMatchObject(refused);
    await expect(sql`delete from audit_log`).rejects.toMatchObject(refused);
    await expect(sql`truncate audit_log`).rejects.toMatchObject(refused);
    await expect(sql`update retention_policy set ceiling_days = 1`).rejects.toMatchObject(refused);
    await expect(sql`select id from ${sql(partition?.name)}`).rejects.toMatchObject(refused);
    await expect(sql`
      insert into audit_log (id, occurred_at, recorded_at, organization_id, action, status, event_version,
        data_classification, retention_policy, details, xact_id)
      values (gen_random_uuid(), now(), now(), 'o', 'a', 'success', 1, 'INTERNAL', 'standard', '{}', '1')`).rejects.toMatchObject(
      refused,
    );
    expect((await sql`select id, occurred_at, retention_policy from audit_log`).length).toBeGreaterThan(0);
  });

  test("a reader reads all and writes nothing", async () => {
    const sql = await as("audit_reader");
    expect((await sql`select * from audit_log`).length).toBeGreaterThan(0);
    await sql`select * from audit_quarantine, retention_policy`;
    await expect(sql`insert into audit_log (id) values (gen_random_uuid())`).rejects.toMatchObject(refused);
    await expect(sql`delete from audit_quarantine`).rejects.toMatchObject(refused);
    await expect(sql`truncate audit_log`).rejects.toMatchObject(refused);
    await expect(sql`create table public.mine (a int)`).rejects.toMatchObject(refused);
  });

  test("the privacy role reads events, and may change what a redaction changes and no more", async () => {
    const sql = await as("audit_privacy");
    await sql`select id, occurred_at, retention_policy from audit_log where actor_token = 'sub' or target_token = 'sub'`;
    for (const statement of [
      "update audit_log set actor_token = null",
      "update audit_log set leaf = sha256('x')",
      "update audit_log set details = '{}'",
      "update audit_quarantine set resolved_at = now()",
      "insert into audit_log (id) values (gen_random_uuid())",
      "delete from audit_log",
      "truncate audit_log",
    ])
      await expect(sql.unsafe(statement)).rejects.toMatchObject(refused);
  });

  test("even the owner and a superuser are refused changes, on the parent, a branch and a partition", async () => {
    const owner = await as("audit_maintainer");
    const [partition] = await database.sql`select tableoid::regclass::text as name from audit_log limit 1`;
    const guarded = { ...refused, message: expect.stringContaining("append-only") };
    for (const sql of [owner, database.sql]) {
      for (const table of ["audit_log", "audit_log_standard", partition?.name as string]) {
        await expect(sql`update ${sql(table)} set action = 'x'`).rejects.toMatchObject(guarded);
        await expect(sql`delete from ${sql(table)}`).rejects.toMatchObject(guarded);
        await expect(sql`truncate ${sql(table)}`).rejects.toMatchObject(guarded);
      }
    }
    const replica = database.sql.begin(async (tx) => {
      await tx`set local session_replication_role = replica`;
      await tx`delete from audit_log`;
    });
    await expect(replica).rejects.toMatchObject(guarded);
    expect(await database.sql`select 1 from audit_log`).not.toHaveLength(0);
  });

  test("both guards stand, always on, on the parent, every branch and every partition", async () => {
    const kinds = await database.sql`
      select level, isleaf, count(*)::int as tables, bool_and(
        (select count(*) = 2 from pg_trigger
         where tgrelid = relid and tgenabled = 'A'
           and tgname in ('audit_log_guard_row', 'audit_log_guard_statement'))) as guarded
      from pg_partition_tree('audit_log') group by level, isleaf order by level`;
    const [policies] = await database.sql`select count(*)::int as n from retention_policy`;
    expect(kinds).toMatchObject([
      { level: 0, isleaf: false, tables: 1, guarded: true },
      { level: 1, isleaf: false, tables: policies?.n, guarded: true },
      { level: 2, isleaf: true, guarded: true },
    ]);
    expect(kinds[2]?.tables).toBeGreaterThan(policies?.n);
    const unguarded = await database.sql`
      select relid::text as name from pg_partition_tree('audit_log')
      where (select count(*) from pg_trigger
             where tgrelid = relid and tgenabled = 'A'
               and tgname in ('audit_log_guard_row', 'audit_log_guard_statement')) <> 2`;
    expect(unguarded).toEqual([]);
  });

  test("the quarantine keeps its events until they are resolved", async () => {
    const owner = await as("audit_maintainer");
    await database.sql`
      insert into audit_quarantine (id, occurred_at, recorded_at, organization_id, action, status, event_version,
        data_classification, retention_policy, details, leaf_version, leaf, reason)
      values ('0191e8d0-0000-7000-8000-000000000001', now(), now(), 'o', 'a', 'success', 1, 'INTERNAL', 'gone', '{}',
              0, '', 'unknown_policy')`;
    await expect(owner`delete from audit_quarantine`).rejects.toMatchObject(refused);
    await expect(owner`truncate audit_quarantine`).rejects.toMatchObject(refused);
    await expect(owner`update audit_quarantine set action = 'x'`).rejects.toMatchObject(refused);
    await owner`update audit_quarantine set resolved_at = now(), resolution = 'dismissed'`;
    await expect(owner`update audit_quarantine set resolved_at = null`).rejects.toMatchObject(refused);
    expect((await owner`delete from audit_quarantine`).count).toBe(1);
  });
});
