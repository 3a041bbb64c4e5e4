import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { GET, HEAD } from "@/app/api/v1/targets/[target]/events/export/route";
import { adminActions } from "@/lib/admin";
import { closeTargets } from "@/lib/audit-db/registry";
import { systemActor } from "@/lib/auth/actor";
import type { TokenScope } from "@/lib/auth/tokens";
import { closeConsoleDb, consoleDb } from "@/lib/db/console-db";
import { openConfiguredTarget } from "@/lib/engines/open-target";
import { replaceEnv } from "@/lib/env";
import { closeVault } from "@/lib/key-store/open-vault";
import { createDatabase, type TestDatabase } from "@/lib/testing/database";
import { createTestVault, type TestVault } from "@/lib/testing/vault";
import { runAdminAction } from "@/lib/verbs/run-admin-action";

const many = 200_000;
const start = Date.now() - 3_000_000;
const range = `from=${new Date(start - 1_000).toISOString()}&to=${new Date(start + 3_600_000).toISOString()}`;
const awkward = { text: 'a"b\\c\nd\te', unicode: "ü 😀 \u2028", list: [1, null, true] };
let audit: TestDatabase;
let keys: TestVault;
const secrets: Partial<Record<TokenScope | "other" | "revoked", string>> = {};

beforeAll(async () => {
  [audit, keys] = await Promise.all([createDatabase({ template: "audit", since: start }), createTestVault()]);
  replaceEnv({
    AUDIT_DATABASE_URL: await audit.login(["pg_monitor"]),
    AUDIT_READER_URL: await audit.login(["audit_reader"]),
    AUDIT_WRITER_URL: await audit.login(["audit_writer"]),
    CONSOLE_DATABASE_URL: keys.console.url,
    MASTER_KEY_FILE: keys.masterKeyFile,
    NEXTAUTH_SECRET: "x".repeat(40),
    LOG_LEVEL: "silent",
  });
  for (const name of ["read", "append", "other", "revoked"] as const) {
    const context = { console: consoleDb(), actor: systemActor("test"), auditTargets: [] };
    const scopes: TokenScope[] = [name === "append" ? "append" : "read"];
    const made = await runAdminAction(adminActions.createToken, context, { name, scopes });
    if (made.ok) secrets[name] = made.data.secret;
  }
  await openConfiguredTarget("audit").append(
    Array.from({ length: 50 }, (_, i) => ({
      occurredAt: new Date(start + i),
      organizationId: "small",
      action: i % 2 === 0 ? "=cmd|' /C calc'!A0" : "record.viewed",
      status: "success" as const,
      details: { i, ...awkward },
      actor: { id: `u-${i % 5}`, name: "Ada Example" },
    })),
  );
  await audit.sql`
    insert into audit_log (id, occurred_at, recorded_at, organization_id, action, status, event_version,
      data_classification, retention_policy, details, leaf_version, leaf)
    select gen_random_uuid(), ${new Date(start)}::timestamptz + make_interval(secs => n / 100.0), now(), 'many', 'a.b', 'success', 1,
      'INTERNAL', case when n % 2 = 0 then 'standard' else 'confidential' end, jsonb_build_object('n', n, 'pad', repeat('x', 200)), 0, ''
    from generate_series(1, ${many}::int) n`;
});

afterAll(async () => {
  await closeTargets();
  await closeVault();
  await closeConsoleDb();
  await Promise.all([audit.drop(), keys.drop()]);
});

function ask(
  query: string,
  options: { token?: string | undefined; signal?: AbortSignal } = {},
): Promise<Response> {
  const request = new Request(`http://console/?${range}&${query}`, {
    headers: { authorization: `Bearer ${options.token ?? secrets.read}` },
    ...(options.signal && { signal: options.signal }),
  });
  return GET(request, { params: Promise.resolve({ target: "audit" }) });
}

const check = (query: string): Promise<Response> =>
  HEAD(
    new Request(`http://console/?${range}&${query}`, {
      method: "HEAD",
      headers: { authorization: `Bearer ${secrets.read}` },
    }),
    { params: Promise.resolve({ target: "audit" }) },
  );

const running = async () =>
  (
    await audit.sql`
    select from pg_stat_activity
    where datname = current_database() and query like 'copy % (select %' and state = 'active'`
  ).length;
const reading = () =>
  openConfiguredTarget("audit")
    .stats()
    .pools.find(({ purpose }) => purpose === "read");

describe("a whole export", () => {
  test("as NDJSON holds every row as it stands, oldest first, people as tokens and ciphertext", async () => {
    const response = await ask("organization=small");
    expect(response.headers.get("content-type")).toBe("application/x-ndjson");
    const lines = (await response.text())
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    const rows = await audit.sql`
      select id, details, encode(leaf, 'hex') as leaf, encode(actor_personal, 'hex') as personal
      from audit_log where organization_id = 'small' order by occurred_at, id`;
    expect(lines.map(({ id, details, leaf, actorPersonal }) => [id, details, leaf, actorPersonal])).toEqual(
      rows.map(({ id, details, leaf, personal }) => [id, details, leaf, personal]),
    );
    expect(JSON.stringify(lines)).not.toContain("Ada");
  });

  test("as CSV keeps exact bytes, and for spreadsheets makes formulas inert", async () => {
    const plain = await (await ask("organization=small&format=csv")).text();
    const inert = await (await ask("organization=small&format=csv&spreadsheet=1")).text();
    expect(await (await ask("organization=small&format=csv&spreadsheet=true")).text()).toBe(inert);
    expect(await (await ask("organization=small&format=csv&spreadsheet=0")).text()).toBe(plain);
    expect(plain.startsWith("occurredAt,id,recordedAt,")).toBe(true);
    expect(plain.split("=cmd|").length - 1).toBe(25);
    expect(inert.split("'=cmd|").length - 1).toBe(25);
    expect(inert.replaceAll("'=cmd|", "=cmd|")).toBe(plain);
    // Quotes are doubled and line feeds kept, as RFC 4180 has it.
    expect(plain).toContain('""text"": ""a\\""b\\\\c\\nd\\te""');
  });

  test("as Parquet is a whole file of that type, named for its range", async () => {
    const response = await ask("organization=small&format=parquet");
    expect(response.headers.get("content-type")).toBe("application/vnd.apache.parquet");
    expect(response.headers.get("content-disposition")).toMatch(
      /^attachment; filename="audit-events-\d{8}T\d{6}Z-\d{8}T\d{6}Z\.parquet"$/,
    );
    const file = Buffer.from(await response.arrayBuffer());
    expect([file.subarray(0, 4), file.subarray(-4)].map(String)).toEqual(["PAR1", "PAR1"]);
  });

  test("of one person is found by the id, and the record of it names a token only", async () => {
    const response = await ask("actor=u-3");
    expect((await response.text()).trimEnd().split("\n")).toHaveLength(10);
    const [[token] = []] = await keys.vault.tokensOf(["u-3"], "audit");
    const recorded = () => keys.console.sql`
      select action, outcome, detail from activity where detail ->> 'actor' = ${token ?? ""} order by action`;
    await expect.poll(async () => (await recorded()).length).toBe(2);
    const entries = await recorded();
    expect(entries.map(({ action, outcome }) => [action, outcome])).toEqual([
      ["events.export", "success"],
      ["events.export-begin", "success"],
    ]);
    expect(entries[0]?.detail).toMatchObject({ rows: 10, format: "ndjson" });
    for (const { detail } of entries) expect(JSON.stringify(detail)).not.toContain("u-3");
  });

  test("of what was typed and is no token tells the audit log nothing of it", async () => {
    await (await ask("actor=ada%40example.test&text=Ada")).text();
    const entries = () => keys.console.sql`
      select payload::text as payload, detail from outbox join activity using (id)
      where detail ->> 'actor' = 'ada@example.test'`;
    await expect.poll(async () => (await entries()).length).toBe(2);
    for (const { payload } of await entries()) expect(payload).not.toMatch(/ada/i);
  });
});

test("broken off anywhere, the rest after the last whole line is exactly the rest", async () => {
  const whole = (await (await ask("organization=many")).text()).trimEnd().split("\n");
  expect(whole).toHaveLength(many);
  const { occurredAt, id } = JSON.parse(whole[123_456] ?? "");
  const rest = (await (await ask(`organization=many&after=${occurredAt}_${id}`)).text())
    .trimEnd()
    .split("\n");
  expect(rest).toEqual(whole.slice(123_457));
  const csv = (await (await ask(`organization=many&format=csv&after=${occurredAt}_${id}`)).text()).split(
    "\n",
  );
  expect(csv).toHaveLength(rest.length + 1);
  expect(csv[0]).toContain(JSON.parse(rest[0] ?? "").id);
});

test("a client that reads slowly holds the server back, and memory stays flat", async () => {
  const response = await ask("organization=many");
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  const before = process.memoryUsage().rss;
  let bytes = 0;
  let most = 0;
  for (let i = 0; ; i++) {
    const { done, value } = await reader.read();
    if (done) break;
    bytes += value.length;
    if (i < 40) await new Promise((resolve) => setTimeout(resolve, 10));
    most = Math.max(most, process.memoryUsage().rss - before);
  }
  expect(bytes).toBeGreaterThan(100_000_000);
  expect(most).toBeLessThan(150_000_000);
});

test("a client that goes away stops the server and frees the connection", async () => {
  const response = await ask("organization=many");
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  await reader.read();
  expect(await running()).toBe(1);
  expect(reading()).toMatchObject({ active: 1, waiting: 0 });
  await reader.cancel();
  await expect.poll(running, { timeout: 30_000 }).toBe(0);
  await expect.poll(() => reading()?.active).toBe(0);
  await expect
    .poll(
      async () => (await keys.console.sql`select outcome, detail from activity order by id desc limit 1`)[0],
    )
    .toMatchObject({
      outcome: "failed",
      detail: { message: "The client went away.", rows: expect.any(Number) },
    });
});

test("an export ends within seconds of its token, and the record says why and how much had left", async () => {
  const response = await ask("organization=many", { token: secrets.revoked });
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  await reader.read();
  expect(await running()).toBe(1);
  await keys.console.sql`update api_tokens set revoked_at = now() where name = 'revoked'`;
  const began = Date.now();
  await expect.poll(running, { timeout: 30_000 }).toBe(0);
  expect(Date.now() - began).toBeLessThan(10_000);
  const readOn = async () => {
    while (!(await reader.read()).done) {}
  };
  await expect(readOn()).rejects.toThrow();
  const entry = async () =>
    (
      await keys.console.sql`
      select a.outcome, a.detail, o.payload from activity a join outbox o using (id)
      where a.action = 'events.export' and actor_name = 'revoked'`
    )[0];
  await expect.poll(entry).toMatchObject({
    outcome: "failed",
    detail: {
      code: "UNAUTHENTICATED",
      message: expect.stringMatching(/^Its API token was revoked/),
      rows: expect.any(Number),
    },
    payload: { details: { code: "UNAUTHENTICATED" } },
  });
});

test("exports take half the read connections; the next is refused and told when to come back", async () => {
  const first = await ask("organization=many");
  const own = await ask("organization=small");
  expect([own.status, own.headers.get("retry-after")]).toEqual([429, "30"]);
  expect(await own.json()).toMatchObject({
    code: "RATE_LIMITED",
    detail: "1 export of yours already runs here.",
  });
  const begun = [first, await ask("organization=many&format=csv", { token: secrets.other })];
  expect(begun.map(({ status }) => status)).toEqual([200, 200]);
  expect(reading()).toMatchObject({ active: 2, max: 4 });
  for (const refused of [await ask("organization=small"), await check("organization=small")]) {
    expect(refused.status).toBe(503);
    expect(refused.headers.get("retry-after")).toBe("30");
  }
  expect(await (await ask("organization=small")).json()).toMatchObject({
    code: "OVERLOADED",
    detail: "2 exports of audit already run here.",
  });
  const searched = await openConfiguredTarget("audit").use("read", "test", (sql) => sql`select 1 as one`);
  expect(searched[0]?.one).toBe(1);
  await Promise.all(begun.map((response) => response.body?.cancel()));
  await expect.poll(async () => (await check("organization=small")).status).toBe(200);
  expect((await (await ask("organization=small")).text()).trimEnd().split("\n")).toHaveLength(50);
});

test("HEAD tells whether the export would begin, begins none and records none", async () => {
  const count = async () => (await keys.console.sql`select count(*)::int as n from activity`)[0]?.n;
  // The exports before this one are on record to their end.
  const open = async () =>
    (
      await keys.console.sql`
      select count(*) filter (where action = 'events.export-begin')
           - count(*) filter (where action = 'events.export') as n
      from activity`
    )[0]?.n;
  await expect.poll(open, { timeout: 30_000 }).toBe("0");
  const before = await count();
  const answers = await Promise.all([check("format=csv"), check("format=xls"), check("after=yesterday")]);
  expect(answers.map(({ status }) => status)).toEqual([200, 400, 400]);
  expect(answers[0]?.headers.get("content-type")).toBe("text/csv; charset=utf-8");
  expect(await count()).toBe(before);
});

test.each([
  ["a token that only appends", "", "append", 403],
  ["an unknown format", "format=xls", "read", 400],
  ["a place that is none", "after=yesterday", "read", 400],
  ["a spreadsheet that is none", "format=ndjson&spreadsheet=1", "read", 400],
  [
    "Parquet that should go on",
    "format=parquet&after=2026-01-01T00:00:00.000000Z_019a0000-0000-7000-8000-000000000000",
    "read",
    400,
  ],
] as const)("%s is refused with a status", async (_what, query, scope, status) => {
  expect((await ask(query, { token: secrets[scope] })).status).toBe(status);
});
