import { readFileSync } from "node:fs";
import path from "node:path";
import { uuidV7 } from "../lib/audit-db/append/uuid-v7.ts";
import { addIncident } from "../lib/testing/incidents.ts";
import { addJob } from "../lib/testing/jobs.ts";
import { type Answer, data, expect, test } from "./support/api-test.ts";

const root = path.resolve(import.meta.dirname, "..");
const document = JSON.parse(readFileSync(path.join(root, "openapi.json"), "utf8")) as {
  paths: Record<
    string,
    {
      get?: {
        operationId: string;
        security?: unknown[];
        responses: { 200: { content: Record<string, unknown> } };
      };
    }
  >;
};
const contentOf = (resource: string) =>
  Object.keys(document.paths[resource]?.get?.responses[200].content ?? {});
const asked = Object.keys(document.paths).filter((each) => document.paths[each]?.get);
const forEverybody = asked.filter((each) => document.paths[each]?.get?.security?.length === 0);
const addresses = asked.filter((each) => !forEverybody.includes(each));
/** Those that answer figures as JSON; what streams files has a test of its own, as has a job's stream. */
const resources = addresses.filter((each) => contentOf(each).includes("application/json"));
const streams = addresses.filter((each) => contentOf(each).includes("text/csv"));

/** What a path's parameters stand for. */
interface Real {
  queryId: string;
  event: { id: string; occurredAt: string };
  approvalId: string;
  jobId: string;
  incidentId: string;
  hold: number;
  request: number;
}

/** Whom alerts are told, what is held and why, what was erased and who asks for what is not for a token that reads. */
const beyondReading =
  /^\/api\/v1\/(channels|deliveries|routes|holds(?!\/counts)|privacy(?!\/requests\/counts)|targets\/\{target\}\/privacy)\b/;

/** A resource's path with real parameters, and the query it cannot do without. */
function addressOf(resource: string, target: string, real: Real): string {
  const { queryId, event, approvalId, jobId, incidentId, hold, request } = real;
  const filled = resource
    .replace("{target}", target)
    .replace("{queryid}", queryId)
    .replace("approvals/{id}", `approvals/${approvalId}`)
    .replace("jobs/{id}", `jobs/${jobId}`)
    .replace("alerts/{id}", `alerts/${incidentId}`)
    .replace("holds/{id}", `holds/${hold}`)
    .replace("requests/{number}", `requests/${request}`)
    .replace("checks/{id}", "checks/connections.used")
    .replace("{id}", event.id);
  if (resource.endsWith("silences/preview")) return `${filled}?match=check~connections.*`;
  if (resource.endsWith("routes/preview")) return `${filled}?labels=check=connections.used`;
  if (resource.endsWith("/preview")) return `${filled}?table=audit_log_minimal`;
  if (resource.endsWith("/history")) return `${filled}?series=connections.total`;
  return resource.endsWith("/events/{id}") ? `${filled}?occurredAt=${event.occurredAt}` : filled;
}

const nothingReal: Real = {
  queryId: "1",
  event: { id: uuidV7(), occurredAt: "2026-01-01T00:00:00.000Z" },
  approvalId: uuidV7(),
  jobId: uuidV7(),
  incidentId: uuidV7(),
  hold: 999_999,
  request: 999_999,
};

test("the document is served to anybody and is the one checked in", async ({ get }) => {
  expect(forEverybody.toSorted()).toEqual(["/api/v1/keys", "/api/v1/openapi.json"]);
  const response = await get("/api/v1/openapi.json", "");
  expect(response.status()).toBe(200);
  expect(await response.json()).toEqual(document);
});

test("the public keys are served to anybody, and caches may keep them for a minute", async ({ get }) => {
  const response = await get("/api/v1/keys", "");
  expect(response.status()).toBe(200);
  expect(response.headers()).toMatchObject({
    "content-type": "application/jwk-set+json",
    "cache-control": "public, max-age=60",
    "x-content-type-options": "nosniff",
  });
  expect(await response.json()).toEqual({ keys: expect.any(Array) });
});

test("every resource answers a token in the shape the document names, with when and whence", async ({
  get,
  tokens,
  auditSql,
  console,
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
  const approvalId = uuidV7();
  await console.sql`
    insert into approval (id, action, input, digest, approver_role, requested_by, requested_by_name, expires_at, state)
    values (${approvalId}, 'user.enable', '{}', ${"0".repeat(64)}, 'admin', ${uuidV7()}, 'somebody@example.test', now(), 'withdrawn')`;
  const jobId = await addJob(console, { name: "test.none", state: "done", finishedAt: new Date() });
  // Closed, so that no evaluation minds that it fires no more.
  const closed = { state: "closed", closedAt: new Date(), condition: "normal", alert: null } as const;
  const { id: incidentId } = await addIncident(console, closed);
  const rule = uuidV7();
  await console.sql`
    insert into partition_upkeep (id, target, database, schema_name, table_name, ahead, cron, time_zone, lock_timeout_ms,
                                  state, revision, proposed_by_kind, proposed_by_name, proposed_at)
    values (${rule}, 'audit', 'audit', 'public', 'audit_log_minimal', 3, '10 3 * * *', 'UTC', 200, 'proposed', 1, 'system', 'test', now())`;
  // Of an organisation that there is none of: it keeps nothing back.
  const [held] = await console.sql<{ hold: number }[]>`
    insert into legal_hold (id, name, reason, scope, state, awaits, placed_by_name, placed_at, in_force_at)
    values (${uuidV7()}, 'Case of the API', 'a court order', '{"organizations": ["nobody"]}', 'in_force', '[]', 'somebody', now(),
            now())
    returning number::int as hold`;
  const hold = held?.hold ?? 0;
  const [taken] = await console.sql<{ request: number }[]>`
    insert into privacy_request (id, kind, regime, state, organizations, targets, country, time_zone, language,
      received_at, channel, submitted_by_name, submitted_at)
    values (${uuidV7()}, 'access', 'eu', 'received', '[]', '["audit"]', 'DE', 'Europe/Berlin', 'en', now(), 'form',
            'somebody', now())
    returning number::int as request`;
  const request = taken?.request ?? 0;
  expect(resources.length).toBe(Object.keys(endpoints).length);
  for (const resource of resources) {
    const endpoint = Object.values(endpoints).find((each) => each.path === resource);
    const real = { queryId: statement.queryId, event, approvalId, jobId, incidentId, hold, request };
    const address = addressOf(resource, "audit", real);
    if (beyondReading.test(resource))
      expect([resource, (await get(address)).status()]).toEqual([resource, 403]);
    const response = await get(address, beyondReading.test(resource) ? tokens.admin : tokens.all);
    const text = await response.text();
    expect(response.status(), `${resource}: ${text.slice(0, 300)}`).toBe(200);
    expect(response.headers()["content-type"]).toContain("application/json");
    expect(response.headers()["cache-control"]).toBe("no-store");
    const body = JSON.parse(text) as Answer<unknown>;
    const parsed = endpoint && answerOf(endpoint.answer).safeParse(body);
    expect([resource, parsed?.error?.issues]).toEqual([resource, undefined]);
    expect(body.source).not.toBe("");
    // What is dear to ask and moves slowly is asked once in ten minutes.
    const oldest = resource.includes("/maintenance/") ? 660_000 : 120_000;
    expect(Date.now() - Date.parse(body.observedAt), resource).toBeLessThan(oldest);
    if (resource.endsWith("/events/{id}")) expect(body.data).toMatchObject(event);
  }
  await console.sql`delete from partition_upkeep where id = ${rule}`;
  await console.sql`delete from legal_hold where number = ${hold}`;
  await console.sql`delete from privacy_request where number = ${request}`;
  await console.sql`delete from incident where id = ${incidentId}`;
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
