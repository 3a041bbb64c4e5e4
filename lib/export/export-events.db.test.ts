import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { PassThrough, Writable } from "node:stream";
import { DuckDBInstance } from "@duckdb/node-api";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { connect } from "../audit-db/connect.ts";
import type { AuditDb } from "../audit-db/types.ts";
import type { TokenFilters } from "../audit-log/event-conditions.ts";
import { createDatabase, type TestDatabase } from "../testing/database.ts";
import { exportColumns } from "./columns.ts";
import { exportEvents } from "./export-events.ts";
import type { ExportOptions } from "./options.ts";
import { exportBegin, exportStatement } from "./statement.ts";

const silent = { debug() {}, info() {}, warn() {}, error() {} };
const start = Math.floor(Date.now() / 1_000) * 1_000 - 3_600_000;
const filters: TokenFilters = {
  from: new Date(start),
  to: new Date(start + 3_600_000),
  organization: "odd",
  restricted: [],
};
const texts = [
  "",
  "plain",
  'q"uote',
  "back\\slash",
  "a,b",
  "line\nfeed",
  "\r\n\t\u0001\u001f",
  "ü 😀 \u2028",
  "=1+1",
  "null",
];
const details = [
  "{}",
  '{"price": 1.10, "large": 12345678901234567890.123, "small": 1e-7, "text": "a\\"b\\\\c\\nd\\u0001"}',
  '{"nested": {"list": [1, null, true, "ü 😀"]}}',
];
const many = 120_000;
let database: TestDatabase;
let audit: AuditDb;

beforeAll(async () => {
  database = await createDatabase({ template: "audit", since: start });
  audit = connect({
    target: "audit",
    urls: {
      watch: await database.login(["pg_monitor"]),
      read: await database.login(["audit_reader"]),
    },
    logger: silent,
  });
  for (const [index, text] of texts.entries())
    for (const json of details)
      await database.sql`
        insert into audit_log (id, occurred_at, recorded_at, organization_id, action, status, target_type, target_id, outcome,
          correlation_id, event_version, data_classification, retention_policy, processing_ms, details, actor_token,
          actor_personal, actor_digest, leaf_version, leaf, salts)
        values (${randomUUID()}, ${new Date(start)}::timestamptz + ${index % 3} * interval '1.000001 s', now(), 'odd', ${text},
          'success', ${text}, ${index % 2 ? null : text}, ${text}, ${text}, ${index}, 'INTERNAL',
          ${index % 2 ? "standard" : "confidential"}, ${index % 3 ? index * 99_999 : null}, ${json}::text::jsonb, ${text},
          ${index % 2 ? null : Buffer.from([0, 1, 254, 255])}, ${index % 2 ? null : Buffer.alloc(32, index)}, 0, '',
          ${index % 3 ? Buffer.alloc(64, index) : null})`;
  await database.sql`
    insert into audit_log (id, occurred_at, recorded_at, organization_id, action, status, event_version, data_classification,
      retention_policy, details, leaf_version, leaf)
    select gen_random_uuid(), ${new Date(start)}::timestamptz + n * interval '20 ms', now(), 'many', 'a.b', 'success', 1, 'INTERNAL',
           'standard', jsonb_build_object('n', n, 'pad', repeat(md5(n::text), 6)), 0, ''
    from generate_series(1, ${many}::int) n`;
  await database.sql`analyze audit_log`;
});

afterAll(async () => {
  await audit.close();
  await database.drop();
});

async function collect(asked: TokenFilters, options: ExportOptions): Promise<Buffer> {
  const pieces: Buffer[] = [];
  const out = new Writable({
    write(piece: Buffer, _, done) {
      pieces.push(Buffer.from(piece));
      done();
    },
  });
  const done = await exportEvents(audit, asked, options, out, { signal: new AbortController().signal });
  const whole = Buffer.concat(pieces);
  expect(done.bytes).toBe(whole.length);
  return whole;
}

/** The rows as the server itself would write them. */
async function writtenByServer(form: "csv" | "json"): Promise<string> {
  const list = exportColumns.map(({ column, name, kind }) => {
    if (kind === "time")
      return `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as "${name}"`;
    return kind === "bytes" ? `encode(${column}, 'hex') as "${name}"` : `${column} as "${name}"`;
  });
  const rows = `select ${list.join(", ")} from audit_log where organization_id = 'odd' order by occurred_at, id`;
  if (form === "json") {
    const lines = await database.sql.unsafe(`select row_to_json(e)::text as line from (${rows}) e`);
    return lines.map(({ line }) => `${line}\n`).join("");
  }
  const stream = await database.sql.unsafe(`copy (${rows}) to stdout (format csv, header)`).readable();
  return Buffer.concat(await Array.fromAsync(stream as AsyncIterable<Buffer>)).toString();
}

describe("byte for byte what the server itself writes", () => {
  test("as CSV", async () => {
    expect((await collect(filters, { format: "csv" })).toString()).toBe(await writtenByServer("csv"));
  });
  test("as JSON", async () => {
    expect((await collect(filters, { format: "ndjson" })).toString()).toBe(await writtenByServer("json"));
  });
});

test("goes on after any row with exactly the rest, so that the parts are the whole", async () => {
  const whole = (await collect(filters, { format: "csv" })).toString();
  const lines = (await collect(filters, { format: "ndjson" })).toString().trimEnd().split("\n");
  for (const line of lines) {
    const { occurredAt, id } = JSON.parse(line);
    const rest = (await collect(filters, { format: "csv", after: { occurredAt, id } })).toString();
    expect(whole.endsWith(rest)).toBe(true);
    const before = whole.slice(0, whole.length - rest.length);
    expect(before).toContain(id);
    expect(rest).not.toContain(id);
  }
});

describe("as Parquet", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "export-test-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  async function open(asked: TokenFilters) {
    const file = path.join(folder, `${randomUUID()}.parquet`);
    writeFileSync(file, await collect(asked, { format: "parquet" }));
    const connection = await (await DuckDBInstance.create(":memory:")).connect();
    await connection.run("set TimeZone = 'UTC'");
    return async (sql: string) =>
      (await connection.runAndReadAll(sql.replace("FILE", `'${file}'`))).getRowObjectsJson();
  }

  test("holds every value in a type of its own, in order", async () => {
    const query = await open(filters);
    const list = exportColumns.map(({ name, kind }) => {
      if (kind === "time")
        return `strftime("${name}" at time zone 'UTC', '%Y-%m-%dT%H:%M:%S.%fZ') as "${name}"`;
      return kind === "bytes" ? `lower(hex("${name}")) as "${name}"` : `"${name}"`;
    });
    const expected = (await writtenByServer("json")).trimEnd().split("\n");
    const found = await query(`select ${list.join(", ")} from FILE`);
    expect(found.map(({ details: _, ...row }) => row)).toEqual(
      expected.map((line) => {
        const { details: __, ...row } = JSON.parse(line);
        return row;
      }),
    );
    const rows = await database.sql<{ text: string }[]>`
      select details::text as text from audit_log where organization_id = 'odd' order by occurred_at, id`;
    expect(found.map((row) => row.details)).toEqual(rows.map(({ text }) => text));
    const types = await query("select name, type, logical_type, converted_type from parquet_schema(FILE)");
    const typeOf = (name: string) => types.find((one) => one.name === name);
    expect(typeOf("occurredAt")).toMatchObject({ type: "INT64", converted_type: "TIMESTAMP_MICROS" });
    expect(typeOf("occurredAt")?.logical_type).toContain("isAdjustedToUTC=1");
    expect(typeOf("id")?.logical_type).toBe("UUIDType()");
    expect(typeOf("details")?.logical_type).toBe("JsonType()");
    expect(typeOf("leaf")).toMatchObject({ type: "BYTE_ARRAY", converted_type: null });
    expect(typeOf("processingMs")).toMatchObject({ type: "INT32" });
  });

  test("has groups of rows of a sane size, compressed with zstd, and none for no event", async () => {
    const query = await open({ ...filters, organization: "many" });
    const groups = await query(
      "select row_group_num_rows::int as n, any_value(compression) as c from parquet_metadata(FILE) group by row_group_id, n order by row_group_id",
    );
    expect(groups.reduce((sum, { n }) => sum + Number(n), 0)).toBe(many);
    for (const { n } of groups.slice(0, -1)) expect(Number(n)).toBeGreaterThan(10_000);
    expect(new Set(groups.map(({ c }) => c))).toEqual(new Set(["ZSTD"]));
    const [order] = await query(
      "select count(*)::int as wrong from (select occurredAt < lag(occurredAt) over (order by file_row_number) as w from read_parquet(FILE, file_row_number = true)) where w",
    );
    expect(order?.wrong).toBe(0);
    const none = await open({ ...filters, organization: "nobody" });
    expect(await none("select count(*)::int as n from FILE")).toEqual([{ n: 0 }]);
  });
});

const running = async () =>
  (
    await database.sql`
    select from pg_stat_activity
    where datname = current_database() and query like 'copy % (select %' and state = 'active'`
  ).length;
const reading = () => audit.stats().pools.find(({ purpose }) => purpose === "read");

describe.each(["ndjson", "csv", "parquet"] as const)("an export as %s", (format) => {
  const asked = { ...filters, organization: "many" };

  test("is one active lease for as long as it runs, and none after", async () => {
    const out = new PassThrough();
    const work = exportEvents(audit, asked, { format }, out, { signal: new AbortController().signal });
    await new Promise((resolve) => out.once("readable", resolve));
    expect(reading()).toMatchObject({ active: 1, waiting: 0 });
    expect(await running()).toBe(1);
    out.resume();
    expect(await work).toMatchObject({ rows: many });
    expect(reading()).toMatchObject({ active: 0 });
  });

  test("is stopped on the server when nobody takes its data", async () => {
    const out = new PassThrough();
    const work = exportEvents(audit, asked, { format }, out, {
      signal: new AbortController().signal,
      reader: { stalledMs: 300 },
    });
    await expect(work).rejects.toMatchObject({
      code: "TIMEOUT",
      message: expect.stringContaining("nobody took"),
    });
    await expect.poll(running).toBe(0);
    expect(reading()).toMatchObject({ active: 0 });
  });

  test("is stopped on the server when its reader takes a little now and then", async () => {
    const out = new Writable({ highWaterMark: 1, write: (_piece, _, done) => void setTimeout(done, 30) });
    const work = exportEvents(audit, asked, { format }, out, {
      signal: new AbortController().signal,
      reader: { windowMs: 150, leastBytesPerSecond: 1e9 },
    });
    await expect(work).rejects.toMatchObject({
      code: "TIMEOUT",
      message: expect.stringContaining("its reader took"),
    });
    expect(out.writableFinished).toBe(false);
    await expect.poll(running).toBe(0);
    expect(reading()).toMatchObject({ active: 0 });
  });

  test("is stopped on the server when its reader goes away", async () => {
    const out = new PassThrough();
    const work = exportEvents(audit, asked, { format }, out, { signal: new AbortController().signal });
    await new Promise((resolve) => out.once("readable", resolve));
    out.destroy();
    await expect(work).rejects.toThrow();
    await expect.poll(running).toBe(0);
    await expect.poll(() => reading()?.active).toBe(0);
  });
});

test("an error of the server on the way is an error of the export, and no file looks whole", async () => {
  const out = new PassThrough();
  const work = exportEvents(audit, { ...filters, organization: "many" }, { format: "parquet" }, out, {
    signal: new AbortController().signal,
  });
  const taken: Buffer[] = [];
  out
    .on("error", () => {})
    .once("readable", async () => {
      await database.sql`
      select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and query like 'copy % (select %' and state = 'active'`;
      out.on("data", (piece: Buffer) => taken.push(piece));
    });
  await expect(work).rejects.toMatchObject({ code: "UNAVAILABLE" });
  expect(out.readableEnded).toBe(false);
});

test.each<[string, Partial<TokenFilters>]>([
  ["a range", {}],
  ["an organisation", { organization: "many" }],
  ["a person", { actor: "p_somebody" }],
  ["text in the details", { text: "pad" }],
])("events of %s come in the order of an index; the server sorts nothing as a whole", async (_, narrowed) => {
  const asked = { from: filters.from, to: filters.to, restricted: [], ...narrowed };
  const { template, values, settings } = exportStatement(asked);
  const select = template.slice("copy (".length, template.indexOf(") to stdout"));
  const filled = values.reduce((sql, value, i) => sql.replace(`%${i + 1}$L`, `'${value}'`), select);
  const words = Object.entries(settings).map(([name, value]) => `set local ${name} = '${value}'`);
  const session = await database.sql.reserve();
  const results = await session.unsafe(
    [exportBegin(asked), ...words, `explain ${filled}`, "commit"].join("; "),
  );
  session.release();
  const text = results
    .flat()
    .map((line) => line["QUERY PLAN"])
    .join("\n");
  expect(text).not.toMatch(/^\s*(->\s*)?Sort {2}/m);
  expect(text).toMatch(/Index Scan/);
});
