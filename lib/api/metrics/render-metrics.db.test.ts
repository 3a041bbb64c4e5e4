import { afterAll, beforeAll, expect, test } from "vitest";
import { connect } from "../../audit-db/connect.ts";
import type { TargetStatus } from "../../audit-db/target-facts.ts";
import { createPartitions } from "../../collector/roll-up/maintain-partitions.ts";
import { createCatalogue } from "../../collector/sampling/catalogue.ts";
import { consoleBoard } from "../../collector/sampling/instance-board.ts";
import { publishInstance } from "../../collector/sampling/instances.ts";
import { writeTotals } from "../../collector/sampling/write-totals.ts";
import { connectionSampler } from "../../connections/sample-connections.ts";
import { type ConsoleDb, openConsoleDb } from "../../db/console-db.ts";
import { beat } from "../../duties/heartbeat.ts";
import { AppError } from "../../errors.ts";
import { samplers } from "../../samplers.ts";
import { sampleCheck, storeEvaluation } from "../../testing/check-states.ts";
import { createDatabase, type TestDatabase } from "../../testing/database.ts";
import { evaluateFound, foundCheck } from "../../testing/evaluate.ts";
import { timed } from "./process-registry.ts";
import { holdsMetricsToken, renderMetrics } from "./render-metrics.ts";
import { metricName } from "./series-metrics.ts";

const quiet = { debug() {}, info() {}, warn() {}, error() {} };
let database: TestDatabase;
let console: TestDatabase;
let consoleDb: ConsoleDb;

beforeAll(async () => {
  [database, console] = await Promise.all([
    createDatabase({ template: "empty" }),
    createDatabase({ template: "console" }),
  ]);
  consoleDb = openConsoleDb(console.url, { max: 2 });
});
afterAll(async () => {
  await consoleDb?.close();
  await Promise.all([database?.drop(), console?.drop()]);
});

const targets = ["audit"];
const checks = [
  sampleCheck("connections.used"),
  sampleCheck("server.fsync_off"),
  sampleCheck("queries.heavy"),
];
const statusOf = (target: string): TargetStatus => ({
  target,
  state: "down",
  since: new Date(),
  reason: "gone",
  cause: "unreachable",
});

/** `name{labels}` → value, and that each line is well formed. */
function parse(text: string): Map<string, number> {
  const lines = text.split("\n").filter((line) => line && !line.startsWith("#"));
  return new Map(
    lines.map((line) => {
      const match = /^([a-zA-Z_:][\w:]*(?:\{.*\})?) (\S+)$/.exec(line);
      expect([line, match !== null]).toEqual([line, true]);
      return [match?.[1] ?? "", Number(match?.[2])];
    }),
  );
}

test("shows pools and caches of the processes that live, heartbeats, and the targets' newest figures", async () => {
  const now = new Date();
  await createPartitions(console.sql, now);
  const audit = connect({ target: "audit", urls: { watch: database.url }, logger: quiet });
  await audit.read({ name: "test.one", source: "test", run: (sql) => sql`select 1` });
  const stop = publishInstance({
    board: consoleBoard(consoleDb.sql),
    kind: "worker",
    engines: () => ({ audit: audit.stats() }),
  });
  await beat(consoleDb.sql, "collector", "audit");
  if (connectionSampler.form !== "totals") throw new Error("totals expected");
  const { values } = await connectionSampler.sample(audit, { instances: async () => [] });
  const slot = Math.floor(now.getTime() / 10_000) * 10_000 - 10_000;
  await writeTotals(console.sql, createCatalogue(console.sql), {
    target: "audit",
    sampler: connectionSampler,
    slot,
    at: slot,
    values,
    countsSince: null,
  });
  let metrics = new Map<string, number>();
  for (let i = 0; i < 50 && ![...metrics.keys()].some((name) => name.startsWith("audit_db_pool_max{")); i++) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    metrics = parse(
      await renderMetrics({ targets, openConsole: () => consoleDb, samplers, checks, statusOf }),
    );
  }
  const of = (start: string, ...labels: string[]) =>
    [...metrics].find(
      ([name]) => name.startsWith(`${start}{`) && labels.every((label) => name.includes(label)),
    )?.[1];

  expect(metrics.get("audit_db_console_database_up")).toBe(1);
  expect(metrics.get('audit_db_target_up{target="audit"}')).toBe(0);
  expect(of("audit_db_pool_max", 'target="audit"', 'purpose="watch"', 'kind="worker"')).toBe(2);
  expect(of("audit_db_query_cache_misses_total", 'target="audit"')).toBe(1);
  expect(of("audit_db_query_cache_entries", 'target="audit"', 'kind="worker"')).toBe(1);
  expect(of("audit_db_heartbeat_age_seconds", 'duty="collector"')).toBeLessThan(30);
  expect(of("audit_db_connections_max", 'target="audit"')).toBe(values["connections.max"]);
  expect(of("audit_db_connections_total", 'target="audit"')).toBe(values["connections.total"]);
  expect(of("audit_db_build_info", "version=")).toBe(1);
  expect(metrics.get("process_resident_memory_bytes")).toBeGreaterThan(1e6);
  await stop();
  await audit.close();
});

test("counts what the API answered, by operation and status", async () => {
  await timed("overview", async () => new Response(null, { status: 503 }));
  const metrics = parse(
    await renderMetrics({ targets, openConsole: () => consoleDb, samplers, checks, statusOf }),
  );
  expect(metrics.get('audit_db_api_request_duration_seconds_count{operation="overview",status="503"}')).toBe(
    1,
  );
});

test("shows how checks stand on the targets that may be seen: the worst state, objects by state, when", async () => {
  const now = new Date();
  const at = (target: string, check: string, secondsAgo = 5) => ({
    target,
    check,
    evaluatedAt: new Date(now.getTime() - secondsAgo * 1_000),
  });
  await storeEvaluation(console.sql, at("audit", "connections.used"), [
    { object: { kind: "node", name: "a" }, state: "ok", value: 1 },
    { object: { kind: "node", name: "b" }, state: "warning", value: 2 },
    { object: { kind: "node", name: 'with "quotes"' }, state: "warning", value: 3 },
  ]);
  const fine = [{ object: { kind: "target" }, state: "ok" }] as const;
  await storeEvaluation(console.sql, at("audit", "server.fsync_off", 600), fine);
  await storeEvaluation(console.sql, at("secret", "connections.used"), fine);
  const text = await renderMetrics({
    targets,
    openConsole: () => consoleDb,
    samplers,
    checks,
    statusOf,
    now,
  });
  const metrics = parse(text);
  const ofChecks = new Map([...metrics].filter(([name]) => name.startsWith("audit_db_check_")));
  const labels = 'target="audit",check="connections.used"';
  expect(ofChecks.get(`audit_db_check_state{${labels}}`)).toBe(5);
  expect(ofChecks.get(`audit_db_check_objects{${labels},state="warning"}`)).toBe(2);
  expect(ofChecks.get(`audit_db_check_objects{${labels},state="ok"}`)).toBe(1);
  expect(ofChecks.get(`audit_db_check_objects{${labels},state="critical"}`)).toBe(0);
  expect(ofChecks.get(`audit_db_check_evaluated_timestamp_seconds{${labels}}`)).toBe(
    now.getTime() / 1_000 - 5,
  );
  // An evaluation of ten minutes ago does not say that all is well, and one that never was says nothing.
  expect(ofChecks.get('audit_db_check_state{target="audit",check="server.fsync_off"}')).toBe(3);
  expect(ofChecks.get('audit_db_check_state{target="audit",check="queries.heavy"}')).toBe(3);
  expect(
    ofChecks.has('audit_db_check_evaluated_timestamp_seconds{target="audit",check="queries.heavy"}'),
  ).toBe(false);
  expect(text).toContain("3 no_data");
  // Nothing of other targets, and no object is a label: three states, two times, seven counts of two checks.
  expect(ofChecks.size).toBe(3 + 2 + 2 * 7);
  expect(text).not.toContain("secret");
  expect(text).not.toContain("quotes");
});

test("without the console database the process's own figures stand", async () => {
  const openConsole = () => {
    throw new AppError("UNAVAILABLE", "gone");
  };
  const metrics = parse(await renderMetrics({ targets, openConsole, samplers, checks, statusOf }));
  expect(metrics.get("audit_db_console_database_up")).toBe(0);
  expect(metrics.has("process_resident_memory_bytes")).toBe(true);
});

test("only the right token opens it", () => {
  const token = "0123456789abcdef";
  expect(holdsMetricsToken(`Bearer ${token}`, token)).toBe(true);
  expect(holdsMetricsToken(`bearer  ${token}`, token)).toBe(true);
  for (const wrong of [null, "", token, `Basic ${token}`, `Bearer ${token}x`, "Bearer "])
    expect(holdsMetricsToken(wrong, token)).toBe(false);
  expect(holdsMetricsToken(`Bearer ${token}`, undefined)).toBe(false);
});

test("series have Prometheus names", () => {
  expect(metricName("connections.idleInTransaction", "gauge", "count")).toBe(
    "audit_db_connections_idle_in_transaction",
  );
  expect(metricName("database.blkReadTimeMs", "counter", "msPerSecond")).toBe(
    "audit_db_database_blk_read_time_ms_per_second",
  );
  expect(metricName("queryCache.hit", "gauge", "ratio")).toBe("audit_db_query_cache_hit_ratio");
});

test("incidents that are not closed are counted by how they stand, zeros too", async () => {
  const check = foundCheck("connections.used");
  await evaluateFound(console.sql, "audit", [{ check, at: new Date(), objects: [["a", "critical"]] }]);
  await evaluateFound(console.sql, "other", [{ check, at: new Date(), objects: [["a", "critical"]] }]);
  const text = await renderMetrics({ targets, statusOf, openConsole: () => consoleDb, samplers, checks });
  const figures = [...parse(text)].filter(([name]) => name.startsWith("audit_db_incidents{"));
  expect(figures).toHaveLength(3 * 3 * 2);
  expect(figures.filter(([, count]) => count > 0)).toEqual([
    ['audit_db_incidents{target="audit",state="open",severity="critical",condition="firing"}', 1],
  ]);
});
