import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { GET } from "@/app/api/v1/targets/[target]/events/export/route";
import { adminActions } from "@/lib/admin";
import { closeTargets } from "@/lib/audit-db/registry";
import { systemActor } from "@/lib/auth/actor";
import { runAdminAction } from "@/lib/auth/admin-action";
import type { TokenScope } from "@/lib/auth/tokens";
import { closeConsoleDb, consoleDb } from "@/lib/db/console-db";
import { closeVault } from "@/lib/db/open-vault";
import { replaceEnv } from "@/lib/env";
import { openEventsTarget } from "@/lib/events/open-target";
import { createDatabase, type TestDatabase } from "@/lib/testing/database";
import { createTestVault, type TestVault } from "@/lib/testing/vault";

const many = 200_000;
const start = Date.now() - 3_000_000;
const range = `from=${new Date(start - 1_000).toISOString()}&to=${new Date(start + 3_600_000).toISOString()}`;
const awkward = { text: 'a"b\\c\nd\te', unicode: "ü 😀 \u2028", list: [1, null, true] };
let audit: TestDatabase;
let keys: TestVault;
const secrets: Partial<Record<TokenScope, string>> = {};

beforeAll(async () => {
  [audit, keys] = await Promise.all([createDatabase({ template: "audit" }), createTestVault()]);
  replaceEnv({
    AUDIT_DATABASE_URL: await audit.login(["pg_monitor"]),
    AUDIT_READER_URL: await audit.login(["audit_reader"]),
    AUDIT_WRITER_URL: await audit.login(["audit_writer"]),
    CONSOLE_DATABASE_URL: keys.console.url,
    MASTER_KEY_FILE: keys.masterKeyFile,
    NEXTAUTH_SECRET: "x".repeat(40),
    LOG_LEVEL: "silent",
  });
  for (const scope of ["read", "append"] as const) {
    const context = { console: consoleDb(), actor: systemActor("test"), auditTargets: [] };
    const made = await runAdminAction(adminActions.createToken, context, { name: scope, scopes: [scope] });
    if (made.ok) secrets[scope] = made.data.secret;
  }
  await openEventsTarget("audit").append(
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
}, 60_000);

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

const running = async () =>
  (
    await audit.sql`
    select from pg_stat_activity where datname = current_database() and query like 'copy%' and state = 'active'`
  ).length;

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
    const inert = await (await ask("organization=small&format=csv&spreadsheet=true")).text();
    expect(plain.startsWith("occurredAt,id,recordedAt,")).toBe(true);
    expect(plain.split("=cmd|").length - 1).toBe(25);
    expect(inert.split("'=cmd|").length - 1).toBe(25);
    expect(inert.replaceAll("'=cmd|", "=cmd|")).toBe(plain);
    // Quotes are doubled and line feeds kept, as RFC 4180 has it.
    expect(plain).toContain('""text"": ""a\\""b\\\\c\\nd\\te""');
  });

  test("of one person is found by the id, and the record of it names a token only", async () => {
    const response = await ask("actor=u-3");
    expect((await response.text()).trimEnd().split("\n")).toHaveLength(10);
    const [token] = await keys.vault.tokensOf(["u-3"]);
    const recorded = () => keys.console.sql`
      select action, outcome, detail::text as detail from activity where detail ->> 'actor' = ${token ?? ""} order by action`;
    await expect.poll(async () => (await recorded()).length).toBe(2);
    const entries = await recorded();
    expect(entries.map(({ action, outcome }) => [action, outcome])).toEqual([
      ["events.export", "success"],
      ["events.export-begin", "success"],
    ]);
    for (const { detail } of entries) expect(detail).not.toContain("u-3");
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
}, 60_000);

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
}, 60_000);

test("a client that goes away stops the server and frees the connection", async () => {
  const response = await ask("organization=many");
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  await reader.read();
  expect(await running()).toBe(1);
  await reader.cancel();
  await expect.poll(running, { timeout: 3_000 }).toBe(0);
  await expect
    .poll(
      () =>
        openEventsTarget("audit")
          .stats()
          .pools.find(({ purpose }) => purpose === "read")?.active,
    )
    .toBe(0);
  await expect
    .poll(
      async () => (await keys.console.sql`select outcome from activity order by id desc limit 1`)[0]?.outcome,
    )
    .toBe("failed");
});

test.each([
  ["a token that only appends", "", "append", 403],
  ["an unknown format", "format=xls", "read", 400],
  ["a place that is none", "after=yesterday", "read", 400],
] as const)("%s is refused with a status", async (_what, query, scope, status) => {
  expect((await ask(query, { token: secrets[scope] })).status).toBe(status);
});
