import { setTimeout as delay } from "node:timers/promises";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { POST } from "@/app/api/v1/targets/[target]/events/route";
import { adminActions } from "@/lib/admin";
import { closeTargets } from "@/lib/audit-db/registry";
import { systemActor } from "@/lib/auth/actor";
import { runAdminAction } from "@/lib/auth/admin-action";
import type { TokenScope } from "@/lib/auth/tokens";
import { closeConsoleDb, consoleDb } from "@/lib/db/console-db";
import { closeVault } from "@/lib/db/open-vault";
import { replaceEnv } from "@/lib/env";
import { createDatabase, type TestDatabase } from "@/lib/testing/database";
import { createTestVault, type TestVault } from "@/lib/testing/vault";

let audit: TestDatabase;
let keys: TestVault;
const secrets: Partial<Record<TokenScope | "other", string>> = {};

beforeAll(async () => {
  [audit, keys] = await Promise.all([createDatabase({ template: "audit" }), createTestVault()]);
  replaceEnv({
    AUDIT_DATABASE_URL: await audit.login(["pg_monitor"]),
    AUDIT_WRITER_URL: await audit.login(["audit_writer"]),
    CONSOLE_DATABASE_URL: keys.console.url,
    MASTER_KEY_FILE: keys.masterKeyFile,
    NEXTAUTH_SECRET: "x".repeat(40),
    LOG_LEVEL: "silent",
    INGEST_EVENTS_PER_SECOND: "1000",
  });
  const make = async (scope: TokenScope, targets?: string[]) => {
    const context = { console: consoleDb(), actor: systemActor("test"), auditTargets: [] };
    const made = await runAdminAction(adminActions.createToken, context, {
      name: scope,
      scopes: [scope],
      targets,
    });
    if (!made.ok) throw new Error(made.error.message);
    return made.data.secret;
  };
  for (const scope of ["append", "read", "operate", "admin"] as const) secrets[scope] = await make(scope);
  secrets.other = await make("append", ["other"]);
});

afterAll(async () => {
  await closeTargets();
  await closeVault();
  await closeConsoleDb();
  await Promise.all([audit.drop(), keys.drop()]);
});

interface Sent {
  token?: string | undefined;
  headers?: Record<string, string>;
  target?: string;
}

function post(
  body: BodyInit,
  { token = secrets.append, headers, target = "audit" }: Sent = {},
): Promise<Response> {
  const request = new Request("http://console/", {
    method: "POST",
    body,
    // Demanded for a body that is a stream; the types of the DOM do not know it.
    ...({ duplex: "half" } as object),
    headers: {
      "content-type": "application/json",
      ...(token && { authorization: `Bearer ${token}` }),
      ...headers,
    },
  });
  return POST(request, { params: Promise.resolve({ target }) });
}

const event = (more: object = {}) => ({ organizationId: "o", action: "a.b", status: "success", ...more });
const lines = (events: unknown[]) => events.map((one) => `${JSON.stringify(one)}\n`).join("");
const ndjson = { "content-type": "application/x-ndjson" };
const stored = async (organization: string) =>
  (await audit.sql`select count(*)::int as n from audit_log where organization_id = ${organization}`)[0]?.n;

describe("who may append", () => {
  test.each([
    ["a stranger", undefined, 401],
    ["an unknown token", `adb_${"x".repeat(43)}`, 401],
    ["a token that reads", "read", 403],
    ["a token that operates", "operate", 403],
    ["a token of another target", "other", 403],
    ["a token that appends", "append", 200],
    ["an administrator's token", "admin", 200],
  ] as const)("%s", async (_who, name, status) => {
    const token = name === undefined ? "" : (secrets[name as TokenScope] ?? name);
    const response = await post(JSON.stringify(event()), { token });
    expect(response.status).toBe(status);
  });

  test("a token that appends reads nothing", async () => {
    const { GET } = await import("@/app/api/v1/targets/[target]/overview/route");
    const request = new Request("http://console/", {
      headers: { authorization: `Bearer ${secrets.append}` },
    });
    const response = await GET(request, { params: Promise.resolve({ target: "audit" }) });
    expect(response.status).toBe(403);
  });
});

describe("a JSON batch", () => {
  test("answers ids and leaves in the order sent, people encrypted", async () => {
    const response = await post(
      JSON.stringify({
        events: [event({ actor: { id: "u-9", name: "Ada Example" } }), event({ details: { n: 2 } })],
      }),
    );
    expect(response.status).toBe(200);
    const { counts, events } = await response.json();
    expect(counts).toMatchObject({ stored: 2, rejected: 0 });
    for (const one of events) {
      const [row] = await audit.sql`
        select encode(leaf, 'hex') as leaf, details, actor_personal is not null as sealed
        from audit_log where id = ${one.id}`;
      expect(row).toMatchObject({ leaf: one.leaf, sealed: one === events[0] });
    }
  });

  test("with an error in it stores nothing and names the path", async () => {
    const bad = [event({ organizationId: "batch" }), event({ organizationId: "batch", status: "maybe" })];
    const response = await post(JSON.stringify(bad));
    expect(response.status).toBe(400);
    expect((await response.json()).errors).toHaveProperty(["1.status"]);
    expect(await stored("batch")).toBe(0);
  });

  test.each([
    [
      '{"events":[EVENT,{"organizationId":"o","details":{"a":[{"n":12345678901234567890}]}}]}',
      "1.details.a.0.n",
    ],
    ['[EVENT,EVENT,{"details":{"a":1,"a":2}}]', "2.details.a"],
    ['{"details":{"n":1e400}}', "details.n"],
    [
      '[EVENT,{"organizationId":"o","action":"a","status":"success","details":{"a":"\\ufdd0"}}]',
      "1.details.a",
    ],
    [
      '[{"organizationId":"o","action":"a","status":"success","details":{"a":{"b":"\\ud800"}}}]',
      "0.details.a.b",
    ],
  ])("what I-JSON has no place for is refused with its path: %s", async (body, field) => {
    const response = await post(body.replaceAll("EVENT", JSON.stringify(event({ organizationId: "lossy" }))));
    expect(response.status).toBe(400);
    expect((await response.json()).errors).toHaveProperty([field]);
    expect(await stored("lossy")).toBe(0);
  });

  test.each([
    ["zstd", zstdCompressSync],
    ["gzip", gzipSync],
  ] as const)(
    "a body in %s that unpacks to more than a batch holds is refused while it unpacks",
    async (encoding, pack) => {
      const bomb = pack(Buffer.alloc(200_000_000, " "));
      expect(bomb.length).toBeLessThan(400_000);
      const response = await post(new Uint8Array(bomb), { headers: { "content-encoding": encoding } });
      expect(response.status).toBe(413);
      expect((await response.json()).detail).toContain("unpacked");
    },
  );

  test("a body larger than a request may be is refused while it comes", async () => {
    const response = await post(new Uint8Array(17 * 1_048_576).fill(32));
    expect(response.status).toBe(413);
  });

  test.each([
    [{ "content-encoding": "br" }, "not known here"],
    [{ "content-type": "text/csv" }, "not taken here"],
  ])("%j is refused in words", async (headers, words) => {
    const response = await post(JSON.stringify(event()), { headers: headers as Record<string, string> });
    expect(response.status).toBe(400);
    expect((await response.json()).detail).toContain(words);
  });

  test.each([
    ["text that is no JSON", "{", 400],
    ["a name twice", '{"organizationId":"o","organizationId":"p","action":"a","status":"success"}', 400],
    ["an unknown field", JSON.stringify(event({ colour: "red" })), 400],
    ["something else beside events", JSON.stringify({ events: [], more: 1 }), 400],
    ["a number", "7", 400],
    ["more events than a batch holds", JSON.stringify(Array.from({ length: 5_001 }, () => event())), 413],
  ])("%s is refused", async (_what, body, status) => {
    const response = await post(body);
    expect(response.status).toBe(status);
    expect(response.headers.get("content-type")).toBe("application/problem+json");
  });

  test.each([
    ["gzip", gzipSync],
    ["zstd", zstdCompressSync],
  ] as const)("is taken in %s", async (encoding, pack) => {
    const body = pack(JSON.stringify(event({ organizationId: encoding })));
    const response = await post(new Uint8Array(body), { headers: { "content-encoding": encoding } });
    expect(response.status).toBe(200);
    expect(await stored(encoding)).toBe(1);
  });

  test("under an Idempotency-Key is stored once, however often it is sent", async () => {
    const body = JSON.stringify(event({ organizationId: "once" }));
    const headers = { "idempotency-key": "8e03978e-40d5-43dd-bc93-6894a57f9324" };
    const answers = await Promise.all([1, 2, 3].map(async () => (await post(body, { headers })).json()));
    expect(answers[1]).toEqual(answers[0]);
    expect(answers[2]).toEqual(answers[0]);
    expect(await stored("once")).toBe(1);
    const other = await post(JSON.stringify(event({ organizationId: "twice" })), { headers });
    expect(other.status).toBe(409);
    expect((await post(body, { headers: { "idempotency-key": "ä" } })).status).toBe(400);
  });

  test("in conflict with what is stored answers 207 and the stored leaf", async () => {
    const same = { id: "01939d0a-0000-7000-8000-00000000000a", occurredAt: new Date().toISOString() };
    const [first] = (await (await post(JSON.stringify(event(same)))).json()).events;
    const response = await post(JSON.stringify(event({ ...same, action: "x.y" })));
    expect(response.status).toBe(207);
    expect((await response.json()).events).toEqual([{ ...first, outcome: "conflict" }]);
  });
});

describe("an event a line", () => {
  test("answers a line for each with its number; bad ones keep nobody out", async () => {
    const body = `${lines([event({ organizationId: "lines" })])}\nnot json\n${lines([
      event({ organizationId: "lines", status: "maybe" }),
      event({ organizationId: "lines" }),
    ])}`;
    const response = await post(body, { headers: ndjson });
    expect(response.status).toBe(207);
    const answers = (await response.text())
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(answers).toMatchObject([
      { line: 1, outcome: "stored" },
      { line: 3, outcome: "rejected", errors: { event: expect.any(String) } },
      { line: 4, outcome: "rejected", errors: { status: expect.any(String) } },
      { line: 5, outcome: "stored" },
      { summary: { lines: 4, stored: 2, rejected: 2 } },
    ]);
    expect(await stored("lines")).toBe(2);
  });

  test.each([
    ["zstd", zstdCompressSync],
    ["gzip", gzipSync],
  ] as const)("is taken in %s", async (encoding, pack) => {
    const events = Array.from({ length: 1_500 }, () => event({ organizationId: `lines-${encoding}` }));
    const headers = { ...ndjson, "content-encoding": encoding };
    const response = await post(new Uint8Array(pack(lines(events))), { headers });
    expect(response.status).toBe(200);
    expect(await stored(`lines-${encoding}`)).toBe(1_500);
  });

  test("a line with what I-JSON has no place for is refused with its path, alone", async () => {
    const body = `{"organizationId":"o","action":"a","status":"success","details":{"x":[{"n":9007199254740993}]}}\n${lines([event({ organizationId: "beside" })])}`;
    const answers = (await (await post(body, { headers: ndjson })).text())
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(answers).toMatchObject([
      { line: 1, outcome: "rejected", errors: { "details.x.0.n": expect.stringContaining("double") } },
      { line: 2, outcome: "stored" },
      {},
    ]);
  });

  test("sent again under its key after a break stores the rest and doubles nothing", async () => {
    const events = Array.from({ length: 2_500 }, (_, i) =>
      event({ organizationId: "broken", details: { i } }),
    );
    const headers = { ...ndjson, "idempotency-key": "import-1" };
    const whole = lines(events);
    const most = new TextEncoder().encode(whole.slice(0, Math.floor(whole.length * 0.7)));
    let at = 0;
    const cut = new ReadableStream({
      async pull(controller) {
        await delay(5);
        if (at >= most.length) controller.error(new Error("the client went away"));
        else controller.enqueue(most.subarray(at, at + 10_000));
        at += 10_000;
      },
    });
    const broken = await post(cut, { headers });
    expect(broken.status).toBeGreaterThanOrEqual(400);
    expect((await broken.json()).detail).toContain("Lines up to 1000 are stored");
    expect(await stored("broken")).toBe(1_000);
    const again = await post(whole, { headers });
    expect(again.status).toBe(200);
    expect((await again.text()).trim().split("\n").at(-1)).toContain('"stored":2500');
    expect(await stored("broken")).toBe(2_500);
  });
});

test("more than the allowance is told to wait", async () => {
  const body = JSON.stringify(Array.from({ length: 5_000 }, () => event({ organizationId: "flood" })));
  const token = secrets.admin;
  const statuses: number[] = [];
  let last: Response | undefined;
  for (let i = 0; i < 3; i++) {
    last = await post(body, { token });
    statuses.push(last.status);
  }
  expect(statuses.at(-1)).toBe(429);
  expect(Number(last?.headers.get("retry-after"))).toBeGreaterThan(0);
});
