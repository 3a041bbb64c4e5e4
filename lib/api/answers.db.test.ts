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
import { env, replaceEnv } from "../env.ts";
import { reads } from "../reads.ts";
import { storeEvaluation } from "../testing/check-states.ts";
import { createDatabase, type TestDatabase } from "../testing/database.ts";
import { addEntries, addWork } from "../testing/whole-work.ts";
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
  let own: ConsoleDb;

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
    own = openConsoleDb(console.url, { max: 1 });
    await addWork(own, event.id, audit.name);
  });
  afterAll(async () => {
    await Promise.all([closeTargets(), closeConsoleDb(), own?.close()]);
    await Promise.all([audit?.drop(), console?.drop()]);
  });

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
    if (name === "ledger") await addEntries(own, event);
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
