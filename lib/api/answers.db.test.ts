import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { uuidV7 } from "../audit-db/append/uuid-v7.ts";
import { connect } from "../audit-db/connect.ts";
import { closeTargets } from "../audit-db/registry.ts";
import { type Actor, systemActor } from "../auth/actor.ts";
import { createPartitions } from "../collector/roll-up/maintain-partitions.ts";
import { createCatalogue } from "../collector/sampling/catalogue.ts";
import { writeTotals } from "../collector/sampling/write-totals.ts";
import { connectionSampler } from "../connections/sample-connections.ts";
import { type ConsoleDb, closeConsoleDb, openConsoleDb } from "../db/console-db.ts";
import { schema } from "../db/schema.ts";
import { env, replaceEnv } from "../env.ts";
import { reads } from "../reads.ts";
import { demoController } from "../requests/controllers/demo-controller.ts";
import { addApproval } from "../testing/approvals.ts";
import { storeEvaluation } from "../testing/check-states.ts";
import { createDatabase, type TestDatabase } from "../testing/database.ts";
import { addIncident } from "../testing/incidents.ts";
import { addJob } from "../testing/jobs.ts";
import { databaseSampler } from "../workload/sample-database.ts";
import { answerRead } from "./answer-read.ts";
import { answerTargets } from "./answer-targets.ts";
import { endpoints } from "./endpoints.ts";
import { answerOf } from "./parts.ts";

const quiet = { debug() {}, info() {}, warn() {}, error() {} };
const somebody: Actor = { ...systemActor("test"), kind: "token", role: "viewer" };
const event = { id: uuidV7(Date.now()), occurredAt: new Date().toISOString() };
const queries: Partial<Record<keyof typeof endpoints, string>> = {
  history: "?series=connections.total,database.commits&range=15m",
  event: `?occurredAt=${event.occurredAt}`,
  upkeepPreview: "?table=audit_log",
};

describe.each([15, 18] as const)("on PostgreSQL %i", (server) => {
  let audit: TestDatabase;
  let console: TestDatabase;

  beforeAll(async () => {
    [audit, console] = await Promise.all([
      createDatabase({ server, template: "audit" }),
      createDatabase({ template: "console" }),
    ]);
    replaceEnv({
      AUDIT_DATABASE_URL: await audit.login(["pg_monitor", "audit_reader"]),
      AUDIT_DATABASES: JSON.stringify({ gone: { database_url: "postgres://x@127.0.0.1:1/none" } }),
      CONSOLE_DATABASE_URL: console.url,
      LOG_LEVEL: "silent",
    });
    // Before the first question: answers are kept for some seconds.
    // Statistics are the whole server's: the name tells this file's statement from any other's.
    // What is called once is thrown out when files beside this one fill pg_stat_statements.
    for (let call = 0; call < 20; call++)
      await audit.sql.unsafe(
        `select count(*) as "telltale_${audit.name}" from generate_series(1, 100000) as g where g > ${server}`,
      );
    const writer = connect({ target: "audit", urls: { watch: audit.url, write: audit.url }, logger: quiet });
    await writer.append([
      { ...event, organizationId: "o", action: "a.b", status: "success", details: { n: 1 } },
    ]);
    await writer.close();
    await collectTwice();
    await storeEvaluation(
      console.sql,
      { target: "audit", check: "connections.used", evaluatedAt: new Date() },
      [{ object: { kind: "target" }, state: "warning", value: 0.8 }],
    );
    await addWork(openConsoleDb(console.url, { max: 1 }));
  });
  afterAll(async () => {
    await Promise.all([closeTargets(), closeConsoleDb()]);
    await Promise.all([audit?.drop(), console?.drop()]);
  });

  /** A job with all that one can have and a request, under the id that resources are asked with, and a schedule. */
  async function addWork(own: ConsoleDb) {
    const { id } = event;
    const error = { code: "TIMEOUT", message: "Too slow.", hint: "Try at night." };
    const [at, target] = [new Date(), "audit"];
    const done = {
      done: 1,
      total: 2,
      unit: "rows",
      progressAt: at,
      checkpoint: {},
      checkpointAt: at,
      beatAt: at,
    };
    const object = { objectType: "table", objectId: "t", objectName: "public.t" };
    const name = "events.purge_idempotency";
    const row = { id, name, target, state: "failed", error, reason: "Ticket AUD-1", schedule: name } as const;
    await addJob(own, { ...row, ...done, ...object, attempt: 1, startedAt: at, finishedAt: at });
    await own.db
      .insert(schema.jobAttempt)
      .values({ jobId: id, attempt: 1, worker: "w:1:1", endedAt: at, outcome: "failed", error });
    await own.db.insert(schema.jobLog).values({ jobId: id, attempt: 1, level: "warn", message: "line" });
    await own.db
      .insert(schema.schedule)
      .values({ name, jobName: name, target, input: { target }, cron: "11 * * * *" });
    await addApproval(own, { id, target, ...object });
    await addIncident(own, { id, target });
    await addPrivacy(own, at);
    await addRequest(own, at);
    await own.db.insert(schema.partitionUpkeep).values({
      ...{ id, target, database: audit.name, schemaName: "public", tableName: "audit_log", ahead: 3 },
      ...{ cut: { unit: "month", count: 1 }, cron: "17 3 * * *", timeZone: "UTC", lockTimeoutMs: 200 },
      ...{ windowFrom: "03:00", windowTo: "04:00", state: "approved", revision: 2, approvedByName: "p" },
      ...{ proposedByKind: "user", proposedByName: "p", proposedAt: at, approvedAt: at, onSince: at },
      ...{ lastRunAt: at, lastJobId: id, lastOutcome: "done", lastWords: "Create x.", lastMade: 1 },
    });
    await own.close();
  }

  /** A hold, and an erasure that it keeps back. */
  async function addPrivacy(own: ConsoleDb, at: Date) {
    const { id } = event;
    await own.db.insert(schema.legalHold).values({
      ...{ id, name: "Case 1", reason: "a court order", scope: { targets: ["audit"] }, state: "in_force" },
      ...{ awaits: [], placedByName: "p", placedAt: at, inForceAt: at },
    });
    await own.db.insert(schema.erasure).values({
      ...{ id, token: "p_1", target: "audit", policy: "minimal", state: "held", heldBy: [id, "restriction"] },
      ...{ dueAt: at, requestedByName: "p", requestedAt: at, jobId: id },
    });
  }

  /** Request #1 with all that one can have. */
  async function addRequest({ sql, db }: ConsoleDb, at: Date) {
    const { id } = event;
    const decision = {
      ground: null,
      parts: [{ ...{ target: "audit", policy: "phi" }, decision: "refuse", ground: "g" }],
    };
    await db.insert(schema.privacyRequest).values({
      ...{ id, kind: "erasure", regime: "eu", state: "failed", resumesAt: "executing", organizations: ["o"] },
      ...{ targets: ["audit"], country: "DE", timeZone: "Europe/Berlin", language: "de", receivedAt: at },
      ...{
        channel: "webhook",
        reference: "T-1",
        source: "desk",
        submittedByName: "source desk",
        submittedAt: at,
      },
      ...{ sealed: Buffer.alloc(1), dueAt: at, decision, decidedBy: id, decidedByName: "p", decidedAt: at },
      ...{
        executedByName: "p",
        executedAt: at,
        jobId: id,
        problem: "held",
        respondedAt: at,
        personalUntil: at,
      },
    });
    const of = { id, requestId: id };
    const scope = scopeOf(at.toISOString());
    await db
      .insert(schema.requestScope)
      .values({ ...of, state: "done", beganAt: at, madeAt: at, targets: [scope], witness: { targets: [] } });
    await db.insert(schema.requestEvent).values({
      ...{ ...of, at, kind: "moved", fromState: "received", toState: "verified", actorName: "p" },
      ...{ actorRole: "privacy_officer", facts: { command: "confirm_identity" }, sealed: Buffer.alloc(1) },
    });
    await db.insert(schema.requestInterval).values({ ...of, kind: "identity", beganAt: at, endedAt: at });
    await db.insert(schema.requestExtension).values({ requestId: id, toldAt: at, by: "p", ground: "number" });
    await db
      .insert(schema.requestFile)
      .values({ ...of, addedAt: at, addedByName: "p", bytes: 1, sha256: "00", mediaType: "text/plain" });
    await db
      .insert(schema.requestPackage)
      .values({ ...of, state: "ready", jobId: id, beganAt: at, readyAt: at });
    const place = {
      kind: "logs",
      where: "f",
      target: null,
      state: "found",
      found: 1,
      ground: "g",
      until: null,
      sql: "s",
    };
    await db
      .insert(schema.requestScan)
      .values({ ...of, state: "done", beganAt: at, endedAt: at, places: [place] });
    await db
      .insert(schema.requestCertificate)
      .values({ ...of, n: 1, signedAt: at, kid: "k", bundle: "{}", sha256: "00" });
    await sql`insert into privacy_request_erasure (request_id, erasure_id) values (${id}, ${id})`;
    await db.insert(schema.privacyController).values({
      ...{ organization: "o", facts: { ...demoController }, changedAt: at, changedByName: "p" },
    });
    await db.insert(schema.intakeSource).values({
      ...{ name: "desk", enabled: true, defaults: { kind: "access", fields: { reference: "/id" } } },
      ...{ createdAt: at, createdByName: "p" },
    });
  }

  function scopeOf(at: string) {
    return {
      ...{ target: "audit", problem: null, events: 1, asActor: 1, asTarget: 0, clearEvents: 1 },
      policies: [
        {
          ...{
            policy: "phi",
            legalBasis: "law",
            basis: null,
            floorDays: 1,
            events: 1,
            oldest: at,
            newest: at,
          },
          ...{ free: 0, floored: 0, held: 1, until: at, restricted: false, quarantined: 0, outcome: "held" },
          ...{ sharedKey: false, holds: [{ id: event.id, number: 1, name: "Case 1", events: 1 }] },
        },
      ],
      partitions: [{ partition: "p", policy: "phi", month: "2026-11", events: 1 }],
      actions: [{ action: "a.b", events: 1 }],
      classes: [{ classification: "PHI", events: 1 }],
      months: [{ month: "2026-11", policy: "phi", events: 1 }],
      samples: [{ id: event.id, occurredAt: at, action: "a.b", policy: "phi", role: "actor" }],
      clear: [{ id: event.id, occurredAt: at, policy: "phi", fields: ["details"] }],
    };
  }

  /** An entry of each kind, whose receipts the log lacks: from then on no event is shown. */
  async function addEntries() {
    const own = openConsoleDb(console.url, { max: 1 });
    const { id } = event;
    const [hex, key] = ["0".repeat(64), "0".repeat(32)];
    const redacted = { id, occurredAt: event.occurredAt, policy: "standard", leafVersion: 2, leaf: hex };
    const entries = [
      ["erasure", { token: "p_1", keyId: key, policies: ["minimal"] }],
      ["restriction", { tokens: ["p_1"], ground: "accuracy_contested" }],
      ["restriction_lifted", { tokens: ["p_1"] }],
      ["redaction", { ...redacted, fields: { details: hex }, personal: ["actor"] }],
    ] as const;
    await own.db.insert(schema.privacyLedger).values(
      entries.map(([kind, facts]) => ({
        ...{ kind, facts, target: "audit", at: new Date(), byToken: "console_system", receiptId: uuidV7() },
      })),
    );
    await own.close();
  }

  async function collectTwice() {
    await createPartitions(console.sql, new Date());
    const catalogue = createCatalogue(console.sql);
    const watched = connect({ target: "audit", urls: { watch: audit.url }, logger: quiet });
    const slot = Math.floor(Date.now() / 10_000) * 10_000;
    for (const at of [slot - 20_000, slot - 10_000])
      for (const sampler of [databaseSampler, connectionSampler]) {
        if (sampler.form !== "totals") continue;
        const { values, countsSince } = await sampler.sample(watched, { instances: async () => [] });
        await writeTotals(console.sql, catalogue, {
          target: "audit",
          sampler,
          slot: at,
          at,
          values,
          countsSince: countsSince ?? null,
        });
      }
    await watched.close();
  }

  const ofTarget = Object.entries(endpoints).filter(([name]) => name !== "targets" && name !== "statement");
  test.each(ofTarget)("%s answers exactly what its schema says", async (name, endpoint) => {
    if (name === "ledger") await addEntries();
    const response = await answerRead(endpoint, {
      actor: { ...somebody, role: reads[endpoint.read].role },
      url: `http://console/api${queries[name as keyof typeof endpoints] ?? ""}`,
      parameters: {
        ...{ target: "audit", number: "1" },
        id: name === "check" ? "connections.used" : event.id,
      },
    });
    const body = await response.json();
    expect([name, response.status, body.detail]).toEqual([name, 200, undefined]);
    // Parsing leaves out what the schema does not know: an equal answer has neither more nor less.
    expect(answerOf(endpoint.answer).parse(body)).toEqual(body);
    expect(body.source).toBeTruthy();
  });

  test("checks and a check tell what the evaluator stored, to a token of that target too", async () => {
    const ask = async (endpoint: typeof endpoints.checks, query = "", actor: Actor = somebody, id = "") => {
      const url = `http://console/api${query}`;
      const response = await answerRead(endpoint, { actor, url, parameters: { target: "audit", id } });
      const body = await response.json();
      if (response.status === 200) expect(answerOf(endpoint.answer).parse(body)).toEqual(body);
      return { status: response.status, data: body.data, code: body.code };
    };
    const ofTarget: Actor = { ...somebody, targets: ["audit"] };
    const [all, warnings, none, one] = await Promise.all([
      ask(endpoints.checks, "?topic=connections", ofTarget),
      ask(endpoints.checks, "?state=warning", ofTarget),
      ask(endpoints.checks, "?topic=nothing"),
      ask(endpoints.check, "", ofTarget, "connections.used"),
    ]);
    expect(all.data.targets).toEqual(["audit"]);
    expect(all.data.checks.map(({ id }: { id: string }) => id)).toContain("connections.idle_in_transaction");
    expect(warnings.data.standings).toMatchObject([
      { check: "connections.used", target: "audit", state: "warning", worst: { value: 0.8 } },
    ]);
    expect(warnings.data.checks).toHaveLength(1);
    expect(none.data).toMatchObject({ checks: [], standings: [] });
    expect(one.data).toMatchObject({
      check: { id: "connections.used", unit: "ratio", direction: "rising" },
      total: 1,
      objects: [{ key: "target", state: "warning", value: 0.8, limits: { setBy: null } }],
    });
    const elsewhere: Actor = { ...somebody, targets: ["gone"] };
    expect(await ask(endpoints.checks, "", elsewhere)).toMatchObject({ status: 403, code: "FORBIDDEN" });
    expect(await ask(endpoints.check, "", somebody, "connections.nothing")).toMatchObject({ status: 404 });
    expect(await ask(endpoints.checks, "?state=bad")).toMatchObject({ status: 400 });
  });

  test("queries lists a statement that ran, and statement tells more of it by its queryid", async () => {
    const ask = async (endpoint: (typeof endpoints)[keyof typeof endpoints], query: string, queryid = "") => {
      const parameters = { target: "audit", queryid };
      const url = `http://console/api${query}`;
      const response = await answerRead(endpoint, { actor: somebody, url, parameters });
      const body = await response.json();
      expect([response.status, body.detail]).toEqual([200, undefined]);
      expect(answerOf(endpoint.answer).parse(body)).toEqual(body);
      return body.data;
    };
    const { queries } = await ask(endpoints.queries, `?search=telltale_${audit.name}&limit=5`);
    expect(queries).toHaveLength(1);
    const [direct] = await audit.sql<{ queryid: string; calls: number }[]>`
      select queryid::text, calls::int from pg_stat_statements
      where query like ${`%"telltale_${audit.name}"%generate_series%`} and dbid = (select oid from pg_database where datname = current_database())
        and query not like '%pg_stat_statements%'`;
    expect(queries[0].key.split("/")[2]).toBe(direct?.queryid);
    expect(queries[0].values.calls).toBe(direct?.calls);
    const statement = await ask(endpoints.statement, "?range=15m", direct?.queryid);
    expect(statement).toMatchObject({ queryId: direct?.queryid, text: expect.stringContaining("telltale") });
    const unknown = await answerRead(endpoints.statement, {
      actor: somebody,
      url: "http://console/api",
      parameters: { target: "audit", queryid: "1" },
    });
    expect(unknown.status).toBe(404);
  });

  test("targets lists what the caller may see, also those that are down", async () => {
    const list = async (actor: Actor) => {
      const response = await answerTargets(endpoints.targets, {
        actor,
        url: "http://console/api/v1/targets",
      });
      const body = await response.json();
      expect(answerOf(endpoints.targets.answer).parse(body)).toEqual(body);
      return (body.data as { target: string }[]).map((t) => t.target);
    };
    expect(await list(somebody)).toEqual(env().targets.map((t) => t.name));
    expect(await list({ ...somebody, targets: ["gone"] })).toEqual(["gone"]);
  });

  test("history is what was collected", async () => {
    const response = await answerRead(endpoints.history, {
      actor: somebody,
      url: "http://console/api?series=connections.total&range=15m",
      parameters: { target: "audit" },
    });
    const { data } = (await response.json()) as {
      data: { series: Record<string, [number, number | null][]> };
    };
    const known = (data.series["connections.total"] ?? []).filter(([, value]) => value !== null);
    expect(known).toHaveLength(2);
  });

  test.each([
    ["a target that does not exist", { target: "nope" }, somebody, "", 404, "NOT_FOUND"],
    [
      "a target the token may not read",
      { target: "audit" },
      { ...somebody, targets: ["gone"] },
      "",
      403,
      "FORBIDDEN",
    ],
    [
      "a one-time password",
      { target: "audit" },
      { ...somebody, mustChangePassword: true },
      "",
      403,
      "FORBIDDEN",
    ],
    ["an unknown parameter", { target: "audit" }, somebody, "?colour=red", 400, "BAD_INPUT"],
  ] as const)("%s is a problem", async (_what, parameters, actor, query, status, code) => {
    const response = await answerRead(endpoints.connections, {
      actor,
      url: `http://console/api${query}`,
      parameters,
    });
    expect(response.headers.get("content-type")).toBe("application/problem+json");
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ status, code });
  });

  test("a target that is down says since when and when to try again", async () => {
    const response = await answerRead(endpoints.connections, {
      actor: somebody,
      url: "http://console/api",
      parameters: { target: "gone" },
    });
    expect(response.status).toBe(503);
    expect(Number(response.headers.get("retry-after"))).toBeGreaterThan(0);
    expect(await response.json()).toMatchObject({ code: "UNAVAILABLE", since: expect.any(String) });
  });
});
