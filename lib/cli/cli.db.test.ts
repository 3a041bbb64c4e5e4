import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { writeRuntime } from "../start/supervisor/runtime.ts";
import { openCommandLine, type Ran, runProgram } from "../testing/command-line.ts";
import { createDatabase, type TestDatabase } from "../testing/database.ts";

const dataDir = mkdtempSync(path.join(tmpdir(), "audit-cli-"));
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

const commandLine = openCommandLine();
afterAll(() => commandLine.close());
const run = (args: string[], environment: Record<string, string> = {}) =>
  commandLine.run(args, { env: { DATA_DIR: dataDir, ...environment } });
/** The real program in a process of its own. */
const start = (args: string[], environment: Record<string, string> = {}) =>
  runProgram(args, { env: { DATA_DIR: dataDir, ...environment } });

const json = ({ stdout }: Ran) => JSON.parse(stdout);

describe("without any database", () => {
  test.each([
    [["nonsense"], {}, 2, /unknown command/],
    [
      ["partitions", "list", "--limit", "0"],
      { AUDIT_DATABASE_URL: "postgres://x@127.0.0.1:1/x" },
      2,
      /--limit must be/,
    ],
    [["partitions", "list", "--order-by", "colour"], {}, 2, /Allowed choices/],
    [["status"], {}, 4, /There is no target/],
    [
      ["status", "--target", "b"],
      { AUDIT_DATABASE_URL: "postgres://x@127.0.0.1:1/x" },
      4,
      /no target named "b"/,
    ],
    [["status"], { AUDIT_DATABASE_URL: "mysql://x" }, 2, /AUDIT_DATABASE_URL: It must start with/],
    [["doctor", "--url", "http://x"], {}, 2, /--url: It must start with postgres/],
    [["token", "list"], {}, 7, /no database of its own/],
    [["user", "create", "a@b.c", "--role", "king"], {}, 2, /Allowed choices/],
    [["migrate", "--url", "postgres://x:hunter2@127.0.0.1:1/x"], {}, 7, /cannot be migrated/],
  ] as const)("%j exits as documented, in one paragraph", async (args, environment, code, text) => {
    const ran = await start([...args], environment);
    expect([ran.code, ran.stdout]).toEqual([code, ""]);
    expect(ran.stderr).toMatch(text);
    expect(ran.stderr).not.toMatch(/\n\s+at |hunter2/);
  });

  test("an error with --json is JSON on standard error, and standard output stays empty", async () => {
    const ran = await start(["status", "--json"]);
    expect(ran.stdout).toBe("");
    expect(JSON.parse(ran.stderr)).toMatchObject({ error: { code: "NOT_FOUND", retryable: false } });
  });

  test("a target that does not answer is told by status and doctor, with status 7 and without its password", async () => {
    const environment = { AUDIT_DATABASE_URL: "postgres://watcher:hunter2@127.0.0.1:1/audit" };
    for (const command of ["status", "doctor"]) {
      const ran = await start([command], environment);
      expect(ran.code).toBe(7);
      expect(ran.stdout).toMatch(/nothing listens/);
      expect(ran.stdout + ran.stderr).not.toContain("hunter2");
    }
    expect(json(await start(["status", "--json"], environment))).toMatchObject({
      console: null,
      targets: [{ name: "audit", state: "down", version: null }],
    });
  });

  test("openapi prints the document, help and version end with 0", async () => {
    expect(json(await start(["openapi"]))).toMatchObject({ openapi: "3.1.0" });
    expect((await start(["--help"])).code).toBe(0);
    expect((await start(["--version"])).stdout).toMatch(/^\d+\.\d+\.\d+/);
  });
});

describe.each([15, 18] as const)("against PostgreSQL %i", (server) => {
  let database: TestDatabase;
  let watchUrl: string;

  beforeAll(async () => {
    database = await createDatabase({ server, template: "audit" });
    watchUrl = await database.login(["pg_monitor"]);
  });
  afterAll(() => database?.drop());

  test("status names server, database and role", async () => {
    const ran = await run(["status"], { AUDIT_DATABASE_URL: watchUrl });
    expect(ran.code).toBe(0);
    expect(ran.stdout).toMatch(new RegExp(`audit +up +${server}\\.\\d+.* +${database.name} +primary`));
    const answer = json(await run(["status", "--json"], { AUDIT_DATABASE_URL: watchUrl }));
    expect(answer.targets).toMatchObject([
      { name: "audit", state: "up", database: database.name, user: new URL(watchUrl).username, reason: null },
    ]);
  });

  test("status tells how checks stand, as last evaluated", async () => {
    const console = await createDatabase({ template: "console" });
    try {
      const states = ["ok", "critical", "warning", "warning", "no_data", "unavailable"];
      for (const [n, state] of states.entries())
        await console.sql`
          insert into check_state (target, check_id, object_key, object, state, since, evaluated_at, words, path)
          values ('audit', 'a.b', ${n}, '{"kind": "target"}', ${state}, now(), now(), '{}', 'overview')`;
      const environment = { AUDIT_DATABASE_URL: watchUrl, CONSOLE_DATABASE_URL: console.url };
      const ran = await run(["status"], environment);
      expect([ran.code, ran.stdout]).toEqual([
        0,
        expect.stringMatching(/audit +up .* 1 critical, 2 warnings, 2 unknown/),
      ]);
      expect(json(await run(["status", "--json"], environment)).targets[0].checks).toEqual({
        ...{ critical: 1, warning: 2, notice: 0, unknown: 2, ok: 1 },
      });
      await console.sql`delete from check_state where state <> 'ok'`;
      expect((await run(["status"], environment)).stdout).toMatch(/ 1 ok/);
    } finally {
      await console.drop();
    }
    expect(
      json(await run(["status", "--json"], { AUDIT_DATABASE_URL: watchUrl })).targets[0].checks,
    ).toBeNull();
  });

  test("doctor says what is present and missing, and its SQL mends it", async () => {
    const before = json(await run(["doctor", "--url", watchUrl, "--json"]));
    const find = (answer: typeof before, id: string) =>
      answer.targets[0].capabilities.find((c: { id: string }) => c.id === id);
    expect(find(before, "pg_monitor").state).toBe("present");
    expect(find(before, "audit_log_readable")).toMatchObject({ state: "missing" });
    await database.sql.unsafe(find(before, "audit_log_readable").enable);
    const after = await run(["doctor", "--url", watchUrl, "--json"]);
    expect(find(json(after), "audit_log_readable").state).toBe("present");
    expect(after.code).toBe(0);
    const text = await run(["doctor", "--url", watchUrl]);
    expect(text.stdout).toMatch(/present Role pg_monitor/);
    expect(text.stdout).toMatch(/To enable what is missing/);
    expect(text.stdout + text.stderr).not.toContain(new URL(watchUrl).password || "test@");
  });

  test("partitions list equals the catalogue", async () => {
    const [direct] = await database.sql<{ leaves: number }[]>`
      select count(*)::int as leaves from pg_partition_tree('public.audit_log') where isleaf`;
    const answer = json(
      await run(["partitions", "list", "--table", "audit_log", "--limit", "1000", "--json"], {
        AUDIT_DATABASE_URL: watchUrl,
      }),
    );
    expect(answer.total).toBe(direct?.leaves);
    expect(answer.rows).toHaveLength(direct?.leaves ?? 0);
    const text = await run(["partitions", "list", "--order-by", "name", "--order", "asc", "--limit", "2"], {
      AUDIT_DATABASE_URL: watchUrl,
    });
    expect(text.stdout).toContain(`2 of ${direct?.leaves} shown`);
  });

  test("maintenance says what needs a hand as the catalogue has it; a list that cannot be read leaves the others", async () => {
    const asked = await run(["maintenance", "--json"], { AUDIT_DATABASE_URL: watchUrl });
    expect(asked.code).toBe(0);
    const answer = json(asked);
    const [direct] = await database.sql<{ databases: number; oldest: string; settings: number }[]>`
      select (select count(*)::int from pg_database) as databases,
             (select datname from pg_database order by age(datfrozenxid) desc, datname limit 1) as oldest,
             (select count(*)::int from pg_settings where pending_restart
                or name in ('autovacuum', 'fsync', 'full_page_writes', 'track_counts', 'session_replication_role')) as settings`;
    expect(answer.databases.data[0].name).toBe(direct?.oldest);
    expect(answer.settings.data.settings).toHaveLength(direct?.settings ?? 0);
    expect(answer.indexes.data.faults).toEqual([]);
    expect(answer.preparedTransactions.data).toEqual([]);
    expect(answer.sequences.observedAt).toMatch(/Z$/);
    const text = await run(["maintenance"], { AUDIT_DATABASE_URL: watchUrl });
    expect(text.stdout).toContain("No index is invalid, and none repeats another.");
    expect(text.stdout).toContain("full_page_writes");
  });

  test("migrate shows the SQL, changes nothing by itself, and runs it once it is told to", async () => {
    const empty = await createDatabase({ server, template: "empty" });
    const exists = async () =>
      (await empty.sql<{ there: boolean }[]>`select to_regclass('public.audit_log') is not null as there`)[0]
        ?.there;
    try {
      const shown = await run(["migrate", "--url", empty.url]);
      expect([shown.code, await exists()]).toEqual([0, false]);
      expect(shown.stdout).toMatch(/CREATE TABLE public\.audit_log/);
      expect(shown.stdout).toMatch(/Nothing was changed/);
      const unconfirmed = await run(["migrate", "--url", empty.url, "--apply"]);
      expect([unconfirmed.code, await exists()]).toEqual([2, false]);
      expect(unconfirmed.stderr).toMatch(/no terminal to confirm/);
      const applied = await run(["migrate", "--url", empty.url, "--apply", "--yes"]);
      expect([applied.code, await exists()]).toEqual([0, true]);
      const again = json(await run(["migrate", "--url", empty.url, "--apply", "--yes", "--json"]));
      expect(again).toMatchObject({ pending: [], ran: false });
    } finally {
      await empty.drop();
    }
  });
});

describe("with a console database", () => {
  let console: TestDatabase;
  let environment: Record<string, string>;

  beforeAll(async () => {
    console = await createDatabase({ template: "console" });
    environment = { CONSOLE_DATABASE_URL: console.url, AUDIT_DATABASE_URL: "postgres://x@127.0.0.1:1/x" };
  });
  afterAll(() => console?.drop());

  test("a token is made, shown once, listed without its secret, and revoked", async () => {
    const made = json(
      await run(["token", "create", "ci", "--scope", "read", "--target", "audit", "--json"], environment),
    );
    expect(made.secret).toMatch(/^adb_/);
    const [row] = await console.sql<{ secrets: number; targets: string[] }[]>`
      select count(*) filter (where t::text like ${`%${made.secret}%`})::int as secrets, max(targets) as targets
      from api_tokens t`;
    expect(row).toEqual({ secrets: 0, targets: ["audit"] });
    const listed = await run(["token", "list"], environment);
    expect(listed.stdout).toMatch(/ci +adb_\S+ +read +audit .*active/);
    expect(listed.stdout).not.toContain(made.secret);
    expect((await run(["token", "revoke", made.id], environment)).code).toBe(0);
    const after = json(await run(["token", "list", "--json"], environment));
    expect(after).toMatchObject([{ name: "ci", state: "revoked" }]);
    expect((await run(["token", "revoke", "nobody"], environment)).code).toBe(4);
    expect((await run(["token", "create", "x", "--expires-in-days", "9999"], environment)).code).toBe(2);
  });

  test("a user is made once, listed, and given a new one-time password; each leaves its record", async () => {
    const made = await run(
      ["user", "create", "Ada@Example.org", "--name", "Ada", "--role", "operator"],
      environment,
    );
    expect(made.code).toBe(0);
    expect(made.stdout).toMatch(/ada@example\.org can sign in with this one-time password/);
    expect((await run(["user", "create", "ada@example.org"], environment)).code).toBe(5);
    const listed = await run(["user", "list"], environment);
    expect(listed.stdout).toMatch(/ada@example\.org +Ada +operator .*one-time password/);
    const reset = json(await run(["user", "reset-password", "ada@example.org", "--json"], environment));
    expect(reset.oneTimePassword.length).toBeGreaterThanOrEqual(12);
    expect((await run(["user", "reset-password", "nobody@example.org"], environment)).code).toBe(4);
    const actions = await console.sql<{ action: string }[]>`
      select distinct action from activity where action like 'user.%' order by action`;
    expect(actions.map(({ action }) => action)).toEqual(["user.create", "user.reset-password"]);
  });

  test("queries top shows what the server counted, before anything was collected", async () => {
    const audit = await createDatabase({ template: "empty" });
    try {
      await audit.sql`select count(*) as "cliTelltale" from generate_series(1, 2000000)`;
      const watching = { ...environment, AUDIT_DATABASE_URL: await audit.login(["pg_monitor"]) };
      const text = await run(["queries", "top", "--search", "cliTelltale"], watching);
      expect([text.code, text.stderr]).toEqual([0, ""]);
      expect(text.stdout).toMatch(/counted by the server since/);
      expect(text.stdout).toMatch(/%.* select count\(\*\) as "cliTelltale"/);
      const answer = json(await run(["queries", "top", "--limit", "1", "--json"], watching));
      expect(answer).toMatchObject({ basis: "cumulative", source: "pg_stat_statements" });
      expect(answer.queries).toHaveLength(1);
    } finally {
      await audit.drop();
    }
  });

  test("the databases of the console that runs here are found through its data folder", async () => {
    const audit = await createDatabase({ template: "empty" });
    const folder = mkdtempSync(path.join(tmpdir(), "audit-cli-running-"));
    try {
      writeRuntime(folder, {
        address: "http://127.0.0.1:3999",
        environment: {
          CONSOLE_DATABASE_URL: console.url,
          AUDIT_DATABASES: JSON.stringify({ demo: { database_url: audit.url } }),
          DEMO_TARGET: "demo",
        },
      });
      const ran = json(await run(["status", "--json"], { DATA_DIR: folder }));
      expect(ran).toMatchObject({
        console: { address: "http://127.0.0.1:3999", pid: process.pid },
        targets: [{ name: "demo", state: "up", database: audit.name }],
      });
      expect((await run(["user", "list"], { DATA_DIR: folder })).code).toBe(0);
      const set = json(await run(["status", "--json"], { DATA_DIR: folder, AUDIT_DATABASE_URL: audit.url }));
      expect(set.targets).toMatchObject([{ name: "audit", state: "up" }]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
      await audit.drop();
    }
  });

  test("colours stay away from a pipe, whatever CI says", async () => {
    const ran = await start(["status"], { ...environment, CI: "true" });
    expect(ran.stdout.includes("\u001b[")).toBe(false);
  });
});
