import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import postgres from "postgres";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { EventInput } from "../../audit-db/append/event-schema.ts";
import { connect } from "../../audit-db/connect.ts";
import type { AuditDb } from "../../audit-db/types.ts";
import { openCommandLine } from "../../testing/command-line.ts";
import { compileCache } from "../../testing/compile-cache.ts";
import { createDatabase, type TestDatabase } from "../../testing/database.ts";
import { createTestVault, type TestVault } from "../../testing/vault.ts";
import { silent } from "../silent.ts";

const main = path.resolve(import.meta.dirname, "../main.ts");
const commandLine = openCommandLine();
const folder = mkdtempSync(path.join(tmpdir(), "audit-search-"));
let database: TestDatabase;
let keys: TestVault;
let audit: AuditDb;
let environment: NodeJS.ProcessEnv;

beforeAll(async () => {
  [database, keys] = await Promise.all([
    createDatabase({ template: "audit", since: Date.now() - 60_000 }),
    createTestVault(),
  ]);
  const [watch, write] = [
    await database.login(["pg_monitor", "audit_reader"]),
    await database.login(["audit_writer"]),
  ];
  audit = connect({
    target: "audit",
    urls: { watch, write },
    logger: silent,
    vault: keys.vault,
    applicationName: "events-test",
  });
  environment = {
    NODE_ENV: "test",
    ...compileCache,
    PATH: process.env.PATH,
    DATA_DIR: folder,
    AUDIT_DATABASE_URL: watch,
    CONSOLE_DATABASE_URL: keys.console.url,
    MASTER_KEY_FILE: keys.masterKeyFile,
    NEXTAUTH_SECRET: "x".repeat(40),
  };
  await audit.append([
    event({ action: "record.viewed", actor: { id: "u-1", name: "Ada Example" } }),
    event({ action: "record.changed", status: "failure", actor: { id: "u-2", name: "Bo" } }),
    event({ action: "login", details: { place: "Kiel" } }),
  ]);
});

afterAll(async () => {
  await commandLine.close();
  await audit.close();
  await Promise.all([database.drop(), keys.drop()]);
  rmSync(folder, { recursive: true, force: true });
});

function event(more: Partial<EventInput>): EventInput {
  return { organizationId: "org-1", action: "a.b", status: "success", ...more };
}

const run = (...args: string[]) => commandLine.run(["events", ...args], { env: environment });

/** The program itself, which is interrupted. */
function start(args: string[]) {
  const child = spawn(process.execPath, [main, "events", ...args], { env: environment });
  const said = { out: "", err: "" };
  child.stdout.on("data", (chunk) => {
    said.out += chunk;
  });
  child.stderr.on("data", (chunk) => {
    said.err += chunk;
  });
  const ended = new Promise<number | null>((resolve) => child.on("close", resolve));
  return { child, said, ended };
}

test.each([
  [
    ["--action", "record.*"],
    ["record.changed", "record.viewed"],
  ],
  [["--actor", "u-1"], ["record.viewed"]],
  [["--status", "failure"], ["record.changed"]],
  [["--text", "kiel"], ["login"]],
  [["--actor", "nobody"], []],
])("search %j finds what matches, the newest first, and names nobody", async (filters, actions) => {
  const { code, stdout } = await run("search", ...filters, "--json");
  expect(code).toBe(0);
  const { events } = JSON.parse(stdout) as { events: { action: string }[] };
  expect(events.map(({ action }) => action).toSorted()).toEqual(actions);
  expect(stdout).not.toMatch(/Ada|Bo\b|u-1/);
});

test("a search that asks for what cannot be is refused with status 2", async () => {
  const { code, stdout, stderr } = await run("search", "--from", "yesterday", "--to", "today");
  expect([code, stdout]).toEqual([2, ""]);
  expect(stderr).toContain("ISO 8601");
});

test("verify finds an event by its id, says what stands there still, and fails when it was changed", async () => {
  const [stored] = await audit.append([
    event({ action: "verify.me", outcome: "told Zoë", occurredAt: new Date(Date.now() - 1_000) }),
  ]);
  const id = stored?.id ?? "";
  const verify = (of: string) => run("verify", of, "--json");
  const first = await verify(id);
  expect([first.code, JSON.parse(first.stdout)]).toEqual([
    0,
    {
      ...{
        id,
        occurredAt: expect.any(String),
        retentionPolicy: "standard",
        leafVersion: 2,
        leaf: stored?.leaf,
      },
      ...{ check: "matches", redacted: [], receipts: [] },
    },
  ]);
  await database.sql`alter table audit_log disable trigger all`;
  await database.sql`update audit_log set outcome = 'told nobody' where id = ${id}`;
  await database.sql`alter table audit_log enable always trigger audit_log_guard_statement`;
  const again = await verify(`${stored?.occurredAt}_${id}`);
  expect([again.code, JSON.parse(again.stdout).check]).toEqual([1, "differs"]);
  // A leaf of version 1 cannot prove what left: the ledger's entry shows it, by its number.
  const older = {
    id: "0192f3c4-5d6e-7f80-9a1b-2c3d4e5f6072",
    at: new Date().toISOString(),
    leaf: "1b".repeat(32),
  };
  await database.sql`
    insert into audit_log (id, occurred_at, recorded_at, organization_id, action, status, event_version,
      data_classification, retention_policy, details, leaf_version, leaf)
    values (${older.id}, ${older.at}, ${older.at}, 'org-1', 'a.b', 'success', 1, 'INTERNAL', 'standard',
      '{"redacted": true}', 1, ${Buffer.from(older.leaf, "hex")})`;
  const olderKey = `${older.at}_${older.id}`;
  expect((await verify(olderKey)).code).toBe(1);
  const facts = { id: older.id, leaf: older.leaf, fields: { details: null }, personal: [] };
  const [entry] = await keys.console.sql`
    insert into privacy_ledger (kind, target, facts, at, by_token, receipt_id)
    values ('redaction', 'audit', ${keys.console.sql.json(facts)}, now(), 'console_system', gen_random_uuid())
    returning entry::int`;
  const shown = await verify(olderKey);
  expect([shown.code, JSON.parse(shown.stdout)]).toMatchObject([
    0,
    { check: "redacted, shown by receipt", redacted: ["details"], receipts: [entry?.entry] },
  ]);
  expect((await verify("not-an-event")).code).toBe(2);
  expect((await verify("0192f3c4-5d6e-7f80-9a1b-2c3d4e5f6071")).code).toBe(4);
});

test.each([
  ["", (line: string) => line],
  ["--json", (line: string) => (JSON.parse(line) as { action: string }).action],
])(
  "tail %s shows the last events, then each that comes in, until it is interrupted",
  async (form, read) => {
    const tail = start(["tail", "--lines", "1", "--organization", `tail${form}`, ...(form ? [form] : [])]);
    const lines = () => tail.said.out.split("\n").filter(Boolean).map(read);
    const come = (action: string, agoMs = 0) =>
      audit.append([
        event({ organizationId: `tail${form}`, action, occurredAt: new Date(Date.now() - agoMs) }),
      ]);
    await come("first.one");
    await expect.poll(lines, { timeout: 30_000 }).toEqual([expect.stringContaining("first.one")]);
    await come("second.one");
    await audit.append([event({ organizationId: "else", action: "of.others" })]);
    const shown = [expect.stringContaining("first.one"), expect.stringContaining("second.one")];
    await expect.poll(lines, { timeout: 30_000 }).toEqual(shown);
    // Happened before both, and came in after them.
    await come("late.one", 5_000);
    await expect.poll(lines, { timeout: 30_000 }).toEqual([...shown, expect.stringContaining("late.one")]);
    tail.child.kill("SIGINT");
    expect([await tail.ended, tail.said.err]).toEqual([0, ""]);
  },
  40_000,
);

test("tail waits an outage out and shows what came in meanwhile", async () => {
  const tail = start(["tail", "--organization", "outage"]);
  const come = (action: string) => audit.append([event({ organizationId: "outage", action })]);
  const shown = () => tail.said.out.split("\n").filter(Boolean);
  await come("before.it");
  await expect.poll(shown, { timeout: 20_000 }).toEqual([expect.stringContaining("before.it")]);
  const server = postgres(Object.assign(new URL(database.url), { pathname: "/postgres" }).href, { max: 1 });
  await server.unsafe(`alter database ${database.name} with allow_connections false`);
  await server`
    select pg_terminate_backend(pid) from pg_stat_activity
    where datname = ${database.name} and application_name = 'audit-db-dashboard'`;
  await expect.poll(() => tail.said.err, { timeout: 20_000 }).toContain("Waiting for it to pass.");
  await come("during.it");
  await server.unsafe(`alter database ${database.name} with allow_connections true`);
  await server.end();
  await expect.poll(shown, { timeout: 30_000 }).toHaveLength(2);
  expect(shown()[1]).toContain("during.it");
  expect(tail.said.err.match(/Waiting/g)).toHaveLength(1);
  tail.child.kill("SIGINT");
  expect(await tail.ended).toBe(0);
});
