import { execFile } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { PassThrough } from "node:stream";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { connect } from "../audit-db/connect.ts";
import type { AuditDb } from "../audit-db/types.ts";
import type { EventFilters } from "../audit-log/event-filters.ts";
import { exportEvents } from "../export/export-events.ts";
import type { ExportFormat } from "../export/options.ts";
import { compileCache } from "../testing/compile-cache.ts";
import { createDatabase, type TestDatabase } from "../testing/database.ts";
import { searchEvents } from "./search-events.ts";

// What people look for must not stand where every viewer of statements sees it.

const silent = { debug() {}, info() {}, warn() {}, error() {} };
const range = { from: new Date(Date.now() - 3_600_000), to: new Date() };
let database: TestDatabase;
let audit: AuditDb;
let readUrl: string;
let folder: string;
let asked = 0;
const organization = `oddhouse${process.pid}`;

beforeAll(async () => {
  database = await createDatabase({ template: "audit", since: range.from });
  readUrl = await database.login(["audit_reader"]);
  audit = connect({
    target: "audit",
    urls: { watch: await database.login(["pg_monitor"]), read: readUrl },
    logger: silent,
  });
  await database.sql`
    insert into audit_log (id, occurred_at, recorded_at, organization_id, action, status, event_version, data_classification,
      retention_policy, details, leaf_version, leaf)
    select gen_random_uuid(), ${range.from}::timestamptz + n * interval '20 ms', now(), ${organization}::text, 'a.b', 'success', 1, 'INTERNAL',
           'standard', jsonb_build_object('n', n, 'pad', repeat(md5(n::text), 20)), 0, ''
    from generate_series(1, 60000) n`;
  folder = mkdtempSync(path.join(tmpdir(), "words-"));
});

afterAll(async () => {
  await audit?.close();
  await database?.drop();
  rmSync(folder, { recursive: true, force: true });
});

/** A word that occurs nowhere else, in every filter that takes words. */
function filters(): { word: string; words: Omit<EventFilters, "from" | "to"> } {
  const word = `oddword${process.pid}x${asked++}`;
  const names = ["actor", "target", "targetType", "organization", "action", "policy", "correlation", "text"];
  return { word, words: Object.fromEntries(names.map((name) => [name, `${word}-${name}`])) };
}

/** Texts of all statements, kept or running, in which it stands. */
async function seen(word: string): Promise<string[]> {
  const rows = await database.sql<{ text: string }[]>`
    select query as text from pg_stat_statements(true) where strpos(query, ${word}) > 0
    union all
    select query from pg_stat_activity where pid <> pg_backend_pid() and strpos(query, ${word}) > 0`;
  return rows.map(({ text }) => text);
}

function exportTo(
  out: PassThrough,
  words: object,
  format: ExportFormat,
  after?: { occurredAt: string; id: string },
) {
  return exportEvents(audit, { ...range, ...words, restricted: [] }, { format, after }, out, {
    signal: new AbortController().signal,
  });
}

test("words of a search", async () => {
  const { word, words } = filters();
  const key = { occurredAt: range.to.toISOString(), id: "01990000-0000-7000-8000-000000000000" };
  for (const options of [{}, { before: key }, { after: key }])
    await searchEvents(audit, { ...range, ...words }, options);
  expect(await seen(word)).toEqual([]);
});

test.each(["ndjson", "csv", "parquet"] as const)("words of an export as %s", async (format) => {
  const { word, words } = filters();
  const out = new PassThrough();
  out.resume();
  expect(await exportTo(out, words, format)).toMatchObject({ rows: 0 });
  const key = { occurredAt: range.from.toISOString(), id: "01990000-0000-7000-8000-000000000000" };
  if (format !== "parquet") {
    const rest = new PassThrough();
    rest.resume();
    await exportTo(rest, words, format, key);
  }
  expect(await seen(word)).toEqual([]);
});

test("words of an export while it runs, which finds what they ask for", async () => {
  const out = new PassThrough();
  const work = exportTo(out, { organization, text: '"pad"', action: "a.*" }, "ndjson");
  await once(out, "readable");
  expect(await seen(organization)).toEqual([]);
  const [running] = await database.sql<{ n: number }[]>`
    select count(*)::int as n from pg_stat_activity
    where state = 'active' and query like 'copy % (select %' and datname = current_database()`;
  expect(running?.n).toBe(1);
  out.resume();
  expect(await work).toMatchObject({ rows: 60_000 });
});

test.each(["search", "export"])("words given to `audit-db events %s`", async (verb) => {
  const { word, words } = filters();
  delete words.target;
  delete words.targetType;
  const main = path.resolve(import.meta.dirname, "../cli/main.ts");
  const given = Object.entries(words).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const environment = {
    NODE_ENV: "test",
    ...compileCache,
    PATH: process.env.PATH,
    DATA_DIR: folder,
    AUDIT_DATABASE_URL: await database.login(["pg_monitor"]),
    AUDIT_READER_URL: readUrl,
    NEXTAUTH_SECRET: "x".repeat(40),
  };
  await promisify(execFile)(
    process.execPath,
    [main, "events", verb, ...(verb === "export" ? ["-"] : []), ...given],
    { env: environment as unknown as NodeJS.ProcessEnv },
  );
  expect(await seen(word)).toEqual([]);
});
