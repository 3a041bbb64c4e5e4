import { readFileSync } from "node:fs";
import path from "node:path";
import type { APIResponse } from "@playwright/test";
import { eq } from "drizzle-orm";
import { uuidV7 } from "../lib/audit-db/uuid-v7.ts";
import { schema } from "../lib/db/schema.ts";
import { createToken } from "./support/api-token.ts";
import { addPerson } from "./support/people.ts";
import { test as base, expect } from "./support/test.ts";

interface Answer<T> {
  data: T;
  observedAt: string;
  source: string;
}

/** `get(path)` asks with the token of this file; `tokens` also holds one that may see the foreign target only. */
const test = base.extend<
  { get(path: string, token?: string): Promise<APIResponse> },
  { tokens: { all: string; foreign: string } }
>({
  tokens: [
    async ({}, use) => {
      const [all, foreign] = await Promise.all([
        createToken("e2e"),
        createToken("e2e of one target", { target: "foreign" }),
      ]);
      await use({ all, foreign });
    },
    { scope: "worker" },
  ],
  get: async ({ playwright, world, tokens }, use) => {
    // No cookies: only the token speaks for the caller.
    const request = await playwright.request.newContext({ baseURL: world.address });
    await use((path, token = tokens.all) =>
      request.get(path, token ? { headers: { authorization: `Bearer ${token}` } } : {}),
    );
    await request.dispose();
  },
});

const root = path.resolve(import.meta.dirname, "..");
const document = JSON.parse(readFileSync(path.join(root, "openapi.json"), "utf8")) as {
  paths: Record<
    string,
    { get: { operationId: string; responses: { 200: { content: Record<string, unknown> } } } }
  >;
};
const contentOf = (resource: string) =>
  Object.keys(document.paths[resource]?.get.responses[200].content ?? {});
const addresses = Object.keys(document.paths).filter((each) => !each.endsWith("openapi.json"));
/** Those that answer figures as JSON; what is left streams files, which have a test of their own. */
const resources = addresses.filter((each) => contentOf(each).includes("application/json"));
const streams = addresses.filter((each) => !resources.includes(each));

// The page of the last test is refused on purpose.
test.use({ tolerated: /status of 503/ });

/** What a path's parameters stand for. */
interface Real {
  queryId: string;
  event: { id: string; occurredAt: string };
}

/** A resource's path with real parameters, and the query it cannot do without. */
function addressOf(resource: string, target: string, { queryId, event }: Real): string {
  const filled = resource.replace("{target}", target).replace("{queryid}", queryId).replace("{id}", event.id);
  if (resource.endsWith("/history")) return `${filled}?series=connections.total`;
  return resource.endsWith("/events/{id}") ? `${filled}?occurredAt=${event.occurredAt}` : filled;
}

const nothingReal: Real = { queryId: "1", event: { id: uuidV7(), occurredAt: "2026-01-01T00:00:00.000Z" } };

async function data<T>(response: APIResponse): Promise<T> {
  expect(response.status(), `${response.url()}: ${await response.text()}`).toBe(200);
  return ((await response.json()) as Answer<T>).data;
}

test("the document is served to anybody and is the one checked in", async ({ get }) => {
  const response = await get("/api/v1/openapi.json", "");
  expect(response.status()).toBe(200);
  expect(await response.json()).toEqual(document);
});

test("every resource answers a token in the shape the document names, with when and whence", async ({
  get,
  auditSql,
}) => {
  const { endpoints } = await import("../lib/api/endpoints.ts");
  const { answerOf } = await import("../lib/api/parts.ts");
  const [statement] = await auditSql<{ queryId: string }[]>`
    select queryid::text as "queryId" from pg_stat_statements
    where dbid = (select oid from pg_database where datname = current_database()) and queryid is not null
    order by total_exec_time desc limit 1`;
  const [event] = await auditSql<{ id: string; occurredAt: string }[]>`
    select id, to_char(occurred_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as "occurredAt"
    from audit_log order by occurred_at desc limit 1`;
  if (!statement || !event) throw new Error("no statement or no event to ask for");
  expect(resources.length).toBe(Object.keys(endpoints).length);
  for (const resource of resources) {
    const endpoint = Object.values(endpoints).find((each) => each.path === resource);
    const response = await get(addressOf(resource, "audit", { queryId: statement.queryId, event }));
    const text = await response.text();
    expect(response.status(), `${resource}: ${text.slice(0, 300)}`).toBe(200);
    expect(response.headers()["content-type"]).toContain("application/json");
    expect(response.headers()["cache-control"]).toBe("no-store");
    const body = JSON.parse(text) as Answer<unknown>;
    const parsed = endpoint && answerOf(endpoint.answer).safeParse(body);
    expect([resource, parsed?.error?.issues]).toEqual([resource, undefined]);
    expect(body.source).not.toBe("");
    expect(Date.now() - Date.parse(body.observedAt)).toBeLessThan(120_000);
    if (resource.endsWith("/events/{id}")) expect(body.data).toMatchObject(event);
  }
});

test("what streams comes in each form the document names, whole", async ({ get, auditSql }) => {
  const formats: Record<string, string> = {
    "application/x-ndjson": "ndjson",
    "text/csv": "csv",
    "application/vnd.apache.parquet": "parquet",
  };
  const stored = await auditSql<{ id: string; at: Date }[]>`
    select id, occurred_at as at from audit_log order by occurred_at desc, id desc limit 300`;
  const [newest, oldest] = [stored.at(0), stored.at(-1)];
  if (!newest || !oldest) throw new Error("no events to export");
  const to = new Date(newest.at.getTime() + 1_000).toISOString();
  const range = `from=${oldest.at.toISOString()}&to=${to}`;
  const [truth] = await auditSql<{ ids: string[] }[]>`
    select array_agg(id::text order by occurred_at, id) as ids from audit_log
    where occurred_at >= ${oldest.at.toISOString()} and occurred_at < ${to}`;
  expect(streams).toEqual(["/api/v1/targets/{target}/events/export"]);
  for (const stream of streams)
    for (const type of contentOf(stream)) {
      const format = formats[type] ?? `unknown, for ${type}`;
      const response = await get(`${stream.replace("{target}", "audit")}?format=${format}&${range}`);
      expect([type, response.status()]).toEqual([type, 200]);
      expect(response.headers()["content-type"]).toContain(type);
      expect(response.headers()["cache-control"]).toBe("no-store");
      expect(response.headers()["content-disposition"]).toContain(`.${format}"`);
      const body = await response.body();
      const lines = body.toString("utf8").trimEnd().split(/\r?\n/);
      if (format === "ndjson")
        expect(lines.map((line) => (JSON.parse(line) as { id: string }).id)).toEqual(truth?.ids);
      // A value may hold line breaks; none of these events' does.
      if (format === "csv") expect(lines).toHaveLength(1 + (truth?.ids.length ?? 0));
      if (format === "parquet") expect(body.subarray(-4).toString("latin1")).toBe("PAR1");
    }
});

test("connections are those of pg_stat_activity at the same moment", async ({ get, auditSql }) => {
  const [truth] = await auditSql<{ total: number; max: number }[]>`
    select count(*)::int as total, current_setting('max_connections')::int as max
    from pg_stat_activity where backend_type = 'client backend'`;
  const answer = await data<{
    total: number;
    limits: { maxConnections: number; used: number };
    byDatabase: { name: string; count: number }[];
  }>(await get("/api/v1/targets/audit/connections?hideOwn=false"));
  expect(answer.limits.maxConnections).toBe(truth?.max);
  // The console's two watch connections come and go.
  expect(Math.abs(answer.total - (truth?.total ?? 0))).toBeLessThanOrEqual(2);
  expect(answer.byDatabase.reduce((sum, group) => sum + group.count, 0)).toBe(answer.total);
});

test("partitions are those of the catalogue, with bounds in UTC and the bytes that lie on disk", async ({
  get,
  auditSql,
}) => {
  const truth = await auditSql<{ name: string; bytes: number }[]>`
    select relid::regclass::text as name, pg_total_relation_size(relid)::float8 as bytes
    from pg_partition_tree('audit_log') where isleaf order by 1`;
  const answer = await data<{ rows: { name: string; from: string; totalBytes: number }[]; total: number }>(
    await get("/api/v1/targets/audit/partitions?limit=1000&orderBy=name&order=asc"),
  );
  expect(answer.total).toBe(truth.length);
  expect(answer.rows.map((row) => row.name).toSorted()).toEqual(truth.map((row) => row.name).toSorted());
  for (const row of answer.rows) expect(row.from).toMatch(/-01T00:00:00\.000Z$/);
  // Sizes are measured every ten minutes and estimated between.
  const sum = (all: { bytes: number }[]) => all.reduce((total, each) => total + each.bytes, 0);
  const share = sum(answer.rows.map((row) => ({ bytes: row.totalBytes }))) / sum(truth);
  expect(share).toBeGreaterThan(0.8);
  expect(share).toBeLessThan(1.2);
});

test("a statement's counters are those of pg_stat_statements", async ({ get, auditSql }) => {
  for (let run = 0; run < 7; run += 1) await auditSql`select count(*) as seven_wonders from retention_policy`;
  const [truth] = await auditSql<{ queryId: string; calls: number }[]>`
    select queryid::text as "queryId", calls::float8 as calls from pg_stat_statements
    where query like '%seven_wonders from retention_policy%' and query not like '%pg_stat_statements%'`;
  const answer = await data<{ text: string; entries: { calls: number; user: string; database: string }[] }>(
    await get(`/api/v1/targets/audit/queries/${truth?.queryId}`),
  );
  expect(answer.text).toContain("seven_wonders");
  expect(answer.entries).toHaveLength(1);
  expect(answer.entries[0]).toMatchObject({ calls: truth?.calls, user: "postgres", database: "audit" });
});

test("history and the overview's tiles tell the same of connections", async ({ get }) => {
  const newest = (points: [number, number | null][]) => points.findLast(([, value]) => value !== null)?.[1];
  await expect
    .poll(
      async () => {
        const history = await data<{ series: Record<string, [number, number | null][]> }>(
          await get("/api/v1/targets/audit/history?series=connections.total&range=15m"),
        );
        const overview = await data<{ tiles: { id: string; value: number; max: number }[] }>(
          await get("/api/v1/targets/audit/overview?range=15m"),
        );
        const tile = overview.tiles.find(({ id }) => id === "connections");
        return Math.abs(
          (newest(history.series["connections.total"] ?? []) ?? Number.NaN) - (tile?.value ?? 0),
        );
      },
      { timeout: 30_000 },
    )
    .toBeLessThanOrEqual(2);
});

test("whoever may not, or asks for what is not there, is told so as a problem", async ({ get, tokens }) => {
  const cases: [address: string, token: string, status: number, code: string][] = [
    ...addresses.map((each): [string, string, number, string] => [
      addressOf(each, "audit", nothingReal),
      "",
      401,
      "UNAUTHENTICATED",
    ]),
    ["/api/v1/targets", `adb_${"x".repeat(43)}`, 401, "UNAUTHENTICATED"],
    ["/metrics", "", 401, "UNAUTHENTICATED"],
    ["/api/v1/targets/audit/connections", tokens.foreign, 403, "FORBIDDEN"],
    ["/api/v1/targets/nowhere/overview", tokens.all, 404, "NOT_FOUND"],
    ["/api/v1/nothing", tokens.all, 404, "NOT_FOUND"],
    ["/api/v1/targets/audit/queries/123456789", tokens.all, 404, "NOT_FOUND"],
    ["/api/v1/targets/audit/overview?range=9h", tokens.all, 400, "BAD_INPUT"],
    ["/api/v1/targets/audit/history", tokens.all, 400, "BAD_INPUT"],
    ["/api/v1/targets/audit/partitions?limit=many", tokens.all, 400, "BAD_INPUT"],
    ["/api/v1/targets/audit/overview?from=2026-01-01T00:00:00Z", tokens.all, 400, "BAD_INPUT"],
    ["/api/v1/targets?surprise=1", tokens.all, 400, "BAD_INPUT"],
  ];
  for (const [address, token, status, code] of cases) {
    const response = await get(address, token);
    expect([address, response.status()]).toEqual([address, status]);
    expect(response.headers()["content-type"]).toBe("application/problem+json");
    const problem = (await response.json()) as Record<string, unknown>;
    expect(problem).toMatchObject({ status, code, retryable: false });
    expect(String(problem.detail)).not.toBe("");
  }
  const visible = await data<{ target: string }[]>(await get("/api/v1/targets", tokens.foreign));
  expect(visible.map(({ target }) => target)).toEqual(["foreign"]);
});

test("a server that lacks a view says so with the SQL, not with zeros", async ({ get }) => {
  const response = await get("/api/v1/targets/foreign/queries");
  const body = (await response.json()) as { unavailable?: { enable?: string; reason: string } };
  expect(response.status()).toBe(200);
  expect(body.unavailable?.enable).toMatch(/pg_stat_statements/);
});

test("metrics are Prometheus text, for their own token too", async ({ get, world, auditSql }) => {
  const response = await get("/metrics", world.metricsToken);
  expect(response.status()).toBe(200);
  expect(response.headers()["content-type"]).toContain("version=0.0.4");
  const lines = (await response.text()).split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  for (const line of lines) {
    expect(line).toMatch(/^[a-zA-Z_:][\w:]*(\{(\w+="([^"\\]|\\.)*",?)*\})? (NaN|[+-]?Inf|[-+\d.e]+)( \d+)?$/);
  }
  expect(lines).toContain('audit_db_target_up{target="audit"} 1');
  expect(lines).toContain('audit_db_target_up{target="foreign"} 1');
  expect(lines).toContain("audit_db_console_database_up 1");
  const limit = lines.find((line) => /^audit_db_connections_max\{.*target="audit"/.test(line));
  const [truth] = await auditSql<{ max: number }[]>`select current_setting('max_connections')::int as max`;
  expect(Number(limit?.split(" ")[1])).toBe(truth?.max);
});

test("health needs no sign-in", async ({ get }) => {
  expect(await (await get("/api/health/live", "")).json()).toEqual({ alive: true });
  expect(await (await get("/api/health/ready", "")).json()).toMatchObject({ ready: true });
});

test("a verb sent with the session's cookie from another site does nothing", async ({
  page,
  console,
  signIn,
  world,
}) => {
  const person = { email: `${uuidV7()}@example.test`, password: "eleven boats leave at dawn" };
  const userId = await addPerson(console, { role: "viewer", ...person });
  const hash = async () => {
    const [user] = await console.db.select().from(schema.users).where(eq(schema.users.id, userId));
    return user?.passwordHash;
  };
  await signIn(person, "/account/password");
  const before = await hash();
  // The form's own request, caught before it leaves.
  const caught = page.waitForRequest((request) => request.method() === "POST");
  await page.route("**/account/password", (route) =>
    route.request().method() === "POST" ? route.fulfill({ status: 503 }) : route.fallback(),
  );
  await page.getByLabel("Present password").fill(person.password);
  await page.getByLabel("New password", { exact: true }).fill("twelve boats leave at dawn");
  await page.getByLabel("New password, once more").fill("twelve boats leave at dawn");
  await page
    .getByRole("button", { name: /password/i })
    .last()
    .click();
  const request = await caught;
  const send = (origin: string) =>
    page.request.post("/account/password", {
      headers: {
        "next-action": request.headers()["next-action"] ?? "",
        "content-type": request.headers()["content-type"] ?? "",
        accept: "text/x-component",
        origin,
      },
      data: request.postData() ?? "",
    });
  const foreign = await send("https://elsewhere.test");
  expect(foreign.status()).toBeGreaterThanOrEqual(400);
  expect(await hash()).toBe(before);
  expect((await send(world.address)).status()).toBe(200);
  expect(await hash()).not.toBe(before);

  // Signing somebody out from elsewhere fails as well: such a form knows no token of ours.
  await page.request.post("/api/auth/signout", {
    headers: { origin: "https://elsewhere.test" },
    form: { json: "true" },
  });
  expect((await page.request.get("/api/v1/targets")).status()).toBe(200);
});
