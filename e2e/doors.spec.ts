import { encode } from "next-auth/jwt";
import { uuidV7 } from "../lib/audit-db/append/uuid-v7.ts";
import { schema } from "../lib/db/schema.ts";
import { actionHeaders, actionIds, actionPage, encodeArguments, sessionCookie } from "./support/actions.ts";
import { expect, test } from "./support/api-test.ts";
import { isLogObject, logEnd, logSince } from "./support/log-lines.ts";
import { keepConnection, type RawAnswer, sendRaw } from "./support/raw-request.ts";

const readMany = actionIds().get("readMany") ?? "";
const oneRead = encodeArguments([[{ name: "targetStatus", target: "audit", input: {} }]]);
const post = (target: string, body: string, headers: Record<string, string>) =>
  sendRaw({ method: "POST", target, body, headers });

/** Has been idle for as long as the tests before the last one took. */
let idle: { connection: ReturnType<typeof keepConnection>; answer: RawAnswer; since: number };
test.beforeAll(async () => {
  const connection = keepConnection();
  idle = { connection, answer: await connection.ask("/api/health/live"), since: Date.now() };
});

test.describe("server actions", () => {
  test("without a session no action is parsed, on whatever path it is sent", async () => {
    const paths = [
      "/sign-in",
      "/",
      actionPage,
      "/api/zzz",
      "/api/v1/../../sign-in",
      "/icon.svg",
      "/metrics",
      "/nowhere",
    ];
    for (const path of paths) {
      const answer = await post(path, oneRead, actionHeaders(readMany));
      expect([path, answer.status, answer.body.includes("UNAUTHENTICATED")]).toEqual([path, 401, true]);
      expect(answer.headers.get("content-type")).toBe("text/plain");
    }
  });

  test("990 kB of them are answered at once, and the thread is free meanwhile", async ({ world }) => {
    const bodies = [
      "[".repeat(495_000) + "]".repeat(495_000),
      JSON.stringify([
        Array.from({ length: 990 }, () =>
          Object.fromEntries(Array.from({ length: 90 }, (_, i) => [`key ${i}`, 1])),
        ),
      ]),
    ];
    const send = (body: string, headers: Record<string, string> = {}) =>
      fetch(`${world.address}/sign-in`, {
        method: "POST",
        body,
        headers: { ...actionHeaders(readMany), ...headers },
      });
    const form = `--b\r\nContent-Disposition: form-data; name="0"\r\n\r\n[]\r\n--b--\r\n`;
    // Others' work only adds to it: the quickest of some tries tells.
    await expect(async () => {
      const began = Date.now();
      for (const body of bodies) expect((await send(body)).status).toBe(401);
      expect((await send(form, { "content-type": "multipart/form-data; boundary=b" })).status).toBe(401);
      expect(Date.now() - began).toBeLessThan(2_000);
    }).toPass({ timeout: 20_000 });
  });

  test("a forged cookie is no session", async ({ console, world }) => {
    const name = "next-auth.session-token";
    const [session] = await console.db.select().from(schema.sessions).limit(1);
    const forged = await encode({ token: { sid: session?.id ?? uuidV7() }, secret: "x".repeat(44) });
    for (const value of ["x", "", forged, forged.replace(/.$/, "A")]) {
      const answer = await post(actionPage, oneRead, actionHeaders(readMany, `${name}=${value}`));
      expect([value.length, answer.status]).toEqual([value.length, 401]);
    }
    const cookie = await sessionCookie(world.people.viewer);
    expect((await post(actionPage, oneRead, actionHeaders(readMany, cookie))).status).toBe(200);
    const cut = cookie.replace(/(session-token=.{40})./, "$1~");
    expect((await post(actionPage, oneRead, actionHeaders(readMany, cut))).status).toBe(401);
  });

  test("with a session, what no page sends is refused, and what is nested or repeated without end is bad input", async ({
    world,
  }) => {
    const cookie = await sessionCookie(world.people.viewer);
    const send = (body: string, headers: Record<string, string> = {}) =>
      post(actionPage, body, { ...actionHeaders(readMany, cookie), ...headers });
    expect((await send("x".repeat(65_537))).status).toBe(413);
    expect((await send("[]", { "content-type": "multipart/form-data; boundary=b" })).status).toBe(415);
    expect((await send("[]", { "next-action": "x" })).status).toBe(400);
    expect((await send("", { "transfer-encoding": "chunked" })).status).toBe(411);
    const nested = (levels: number) => "[".repeat(levels) + "]".repeat(levels);
    // Each row is the one before, twenty times: 20^6 places.
    const doubled = JSON.stringify([[], ...Array.from({ length: 6 }, (_, i) => Array(20).fill(`$0:${i}`))]);
    for (const body of ["x", "{}", '["$1"]', '["$@1"]', '["$0:9"]', nested(14), nested(32_000), doubled]) {
      const answer = await send(body);
      expect([body.slice(0, 20), answer.status]).toEqual([body.slice(0, 20), 400]);
    }
  });

  test("a form sent before the page's script ran gets the page again", async () => {
    const form = { "content-type": "application/x-www-form-urlencoded" };
    const answer = await post("/sign-in?callbackUrl=%2Faudit", "email=a&password=b", form);
    expect([answer.status, answer.headers.get("location")]).toEqual([303, "/sign-in?callbackUrl=%2Faudit"]);
    expect((await post("//elsewhere.test/", "a=b", form)).headers.get("location")).toBe("/");
  });
});

test.describe("addresses", () => {
  test("odd methods are not allowed, wherever they are sent", async () => {
    for (const method of ["TRACE", "PROPFIND", "QUERY", "SEARCH", "M-SEARCH"])
      for (const target of ["/", "/sign-in", "/icon.svg", "/api/v1/targets", "/metrics"]) {
        const { status, headers } = await sendRaw({ method, target });
        expect([method, target, status]).toEqual([method, target, 405]);
        expect(headers.get("allow")).toContain("GET, HEAD");
      }
    for (const target of ["/", "/icon.svg", "/audit/overview"])
      expect((await sendRaw({ method: "DELETE", target })).status).toBe(405);
  });

  test("a path that cannot be decoded is a bad request", async () => {
    const paths = [
      "/%ff",
      "/audit/%ff",
      "/%",
      "/%00",
      "/_next/static/%ff",
      "/api/auth/%ff",
      "/audit/queries/1%00",
      "*",
    ];
    for (const target of paths) expect([target, (await sendRaw({ target })).status]).toEqual([target, 400]);
    for (const target of ["/api/v1/%ff", "/api/v1/targets/%c0%af/overview"]) {
      const answer = await sendRaw({ target });
      expect([answer.status, answer.headers.get("content-type")]).toEqual([400, "application/problem+json"]);
      expect(
        JSON.parse(answer.body.slice(answer.body.indexOf("{"), answer.body.lastIndexOf("}") + 1)),
      ).toMatchObject({ code: "BAD_INPUT" });
    }
  });

  test("a request to switch protocols is an ordinary one", async () => {
    const headers = { connection: "Upgrade, close", upgrade: "websocket" };
    expect((await sendRaw({ target: "/icon.svg", headers })).status).toBe(200);
    expect((await sendRaw({ target: "/%ff", headers })).status).toBe(400);
  });

  test("every answer carries the security headers", async () => {
    const page = await sendRaw({ target: "/sign-in" });
    const asset = /\/_next\/static\/[^"']+\.js/.exec(page.body)?.[0] ?? "";
    expect(asset).not.toBe("");
    for (const target of [
      "/sign-in",
      asset,
      "/icon.svg",
      "/_next/static/none.js",
      "/api/v1/targets",
      "/api/v1/openapi.json",
      "/api/health/live",
      "/metrics",
      "/nowhere",
      "/%ff",
      "//",
    ]) {
      const { headers } = await sendRaw({ target });
      expect([target, headers.get("x-content-type-options")]).toEqual([target, "nosniff"]);
      expect([target, headers.get("x-frame-options")]).toEqual([target, "DENY"]);
      expect([target, headers.get("referrer-policy")]).toEqual([target, "same-origin"]);
      expect(headers.has("strict-transport-security")).toBe(false);
    }
  });
});

test.describe("what PostgreSQL cannot hold", () => {
  const event = "0190163d-8694-739b-aea5-966c26f8ad91";
  const range = (from: string, to: string) => `from=${from}&to=${to}`;
  const bad = [
    ...["actor", "target", "targetType", "action", "organization", "correlation", "policy", "text"].map(
      (name) => `events?${name}=%00`,
    ),
    "queries?search=a%00",
    "partitions?filter=%00",
    "partitions?root=a%00",
    "events/export?text=%00",
    ...["events", "overview", "queries", "caches", "events/export"].flatMap((resource) => [
      `${resource}?${range("0000-01-01T00:00:00Z", "0000-02-01T00:00:00Z")}`,
      `${resource}?${range("0001-01-01T00:00:00Z", "0001-02-01T00:00:00Z")}`,
      `${resource}?${range("9999-01-01T00:00:00Z", "9999-12-31T23:59:59Z")}`,
      `${resource}?${range("%2B275760-01-01T00:00:00Z", "%2B275760-02-01T00:00:00Z")}`,
    ]),
    `events/${event}?occurredAt=0000-01-01T00:00:00Z`,
    `events?before=0000-01-01T00:00:00Z_${event}`,
    "queries/9223372036854775808",
    "queries/-9223372036854775809",
    "queries/99999999999999999999",
    "overview?__proto__=1",
    "overview?constructor=1",
  ];

  test("is bad input to the API", async ({ get }) => {
    for (const resource of bad) {
      const response = await get(`/api/v1/targets/audit/${resource}`);
      expect([resource, response.status()]).toEqual([resource, 400]);
      expect((await response.json()).code).toBe("BAD_INPUT");
    }
    expect((await get("/api/v1/targets/audit/queries/9223372036854775807")).status()).toBe(404);
  });

  test("is bad input to the actions", async ({ world }) => {
    const cookie = await sessionCookie(world.people.admin);
    const range = { from: "0000-01-01T00:00:00Z", to: "0000-02-01T00:00:00Z" };
    const inputs: [string, unknown][] = [
      ["searchEvents", { range: { range: "1h" }, text: "\0" }],
      ["searchEvents", { range }],
      ["overview", { range: { from: "9999-01-01T00:00:00Z", to: "9999-12-31T00:00:00Z" } }],
      ["activity", { text: "\0" }],
      ["activity", { actorId: "a\0" }],
      ["activity", { from: "0000-01-01T00:00:00Z" }],
      ["queryDetail", { key: "5/10/9223372036854775808/1" }],
      ["queryDetail", { key: "4294967296/10/1/1" }],
      ["partition", { schema: "a\0", name: "b" }],
    ];
    const requests = inputs.map(([name, input]) => ({ name, target: "audit", input }));
    const answer = await post(actionPage, encodeArguments([requests]), actionHeaders(readMany, cookie));
    expect(answer.text.match(/"code":"BAD_INPUT"/g)).toHaveLength(inputs.length);
    const act = async (...given: unknown[]) =>
      (await post(actionPage, encodeArguments(given), actionHeaders(actionIds().get("act") ?? "", cookie)))
        .text;
    const person = { email: "a\0@b", name: "a", role: "viewer" };
    expect(await act("createUser", person)).toContain('"code":"BAD_INPUT"');
    for (const name of [undefined, 1, {}, "x".repeat(61)])
      expect(await act(name, person), String(name)).toContain('"code":"BAD_INPUT"');
    for (const name of ["__proto__", "toString", "readMany"])
      expect(await act(name, person), name).toContain('"code":"NOT_FOUND"');
    // Rotating the master key is for the command line, whoever asks and whatever they type.
    expect(await act("rotateMasterKey", {}, "rotate the master key")).toContain('"code":"NOT_FOUND"');
  });
});

test("a token limited to a target reads its overview, and no other target's figures in the metrics", async ({
  get,
  tokens,
}) => {
  expect((await get("/api/v1/targets/foreign/overview", tokens.foreign)).status()).toBe(200);
  expect((await get("/api/v1/targets/audit/overview", tokens.foreign)).status()).toBe(403);
  const targetsIn = async (token: string) => {
    const text = await (await get("/metrics", token)).text();
    return new Set([...text.matchAll(/target="([^"]+)"/g)].map(([, target]) => target));
  };
  await expect
    .poll(async () => [...(await targetsIn(tokens.foreign))].filter((name) => name !== "*"))
    .toEqual(["foreign"]);
  expect([...(await targetsIn(tokens.all))]).toEqual(expect.arrayContaining(["audit", "foreign"]));
});

test("what strangers send forges no line of the log and fills none", async () => {
  const began = Date.now();
  const from = logEnd();
  const forged = `\n{"level":50,"msg":"forged"}\n`;
  const marks = [forged.trim(), "forged-key"];
  for (let i = 0; i < 60; i++) {
    await post(
      "/sign-in",
      `[[{"forged-key${forged.replaceAll("\n", "\\n").replaceAll('"', '\\"')}":1}]]`,
      actionHeaders(readMany),
    );
    await sendRaw({ target: `/api/auth/forged-key${i}?error=forged-key` });
    await sendRaw({
      target: "/%ff?forged-key=1",
      headers: { connection: "Upgrade, close", upgrade: "x", "sec-forged-key": "1" },
    }).catch(() => {});
  }
  const lines = await logSince(from);
  expect(lines.filter((line) => !isLogObject(line))).toEqual([]);
  for (const mark of marks) expect(lines.filter((line) => line.includes(mark))).toEqual([]);
  // Of one kind at most twenty a minute, and its minute may have begun before.
  const most = 20 * (1 + Math.ceil((Date.now() - began) / 60_000));
  const kinds = Map.groupBy(lines, (line) => {
    const { level, msg } = JSON.parse(line) as { level: number; msg: string };
    return `${level} ${msg}`;
  });
  for (const [kind, told] of kinds) expect([kind, told.length <= most]).toEqual([kind, true]);
});

test("idle connections outlive what stands in front", async () => {
  expect(idle.answer.headers.get("keep-alive")).toBe("timeout=620");
  // Node's own limit is 5 s, and a second on top.
  await expect.poll(() => Date.now() - idle.since).toBeGreaterThan(6_500);
  expect((await idle.connection.ask("/api/health/live")).status).toBe(200);
  idle.connection.close();
});
