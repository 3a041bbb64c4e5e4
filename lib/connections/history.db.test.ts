import { afterAll, beforeAll, expect, test } from "vitest";
import { connect } from "../audit-db/connect.ts";
import type { AuditDb } from "../audit-db/types.ts";
import { createHistory } from "../collector/history/history.ts";
import { createPartitions } from "../collector/roll-up/maintain-partitions.ts";
import { type Catalogue, createCatalogue } from "../collector/sampling/catalogue.ts";
import { writeTotals } from "../collector/sampling/write-totals.ts";
import type { InstanceReport, TotalsSampler } from "../collector/types.ts";
import { createDatabase, type TestDatabase } from "../testing/database.ts";
import { getApplicationPools } from "./get-application-pools.ts";
import { getConnectionHistory } from "./get-connection-history.ts";
import { getPoolHistory } from "./get-pool-history.ts";
import { connectionSampler } from "./sample-connections.ts";
import { poolSampler } from "./sample-pools.ts";

const silent = { debug() {}, info() {}, warn() {}, error() {} };
const end = Math.floor(Date.now() / 10_000) * 10_000;
const now = new Date(end);
const range = { from: new Date(end - 60_000), to: now };

let consoleDatabase: TestDatabase;
let auditDatabase: TestDatabase;
let audit: AuditDb;
let catalogue: Catalogue;

beforeAll(async () => {
  consoleDatabase = await createDatabase({ template: "console" });
  auditDatabase = await createDatabase({ template: "empty" });
  catalogue = createCatalogue(consoleDatabase.sql);
  await createPartitions(consoleDatabase.sql, now);
  const watch = await auditDatabase.login(["pg_monitor"]);
  audit = connect({ target: "pools", urls: { watch }, logger: silent });
});
afterAll(async () => {
  await audit.close();
  await Promise.all([auditDatabase.drop(), consoleDatabase.drop()]);
});

/** This process as its reports show it. */
function thisProcess(): InstanceReport {
  return {
    instanceId: "this",
    kind: "worker",
    host: "here",
    pid: process.pid,
    startedAt: new Date(end - 3_600_000),
    heartbeatAt: now,
    silent: false,
    engines: { [audit.target]: audit.stats() },
  };
}
const instances = async () => [thisProcess()];

async function record(sampler: TotalsSampler, slot: number) {
  const { values, countsSince } = await sampler.sample(audit, { instances });
  const write = { target: audit.target, sampler, slot, at: slot, values, countsSince: countsSince ?? null };
  await writeTotals(consoleDatabase.sql, catalogue, write);
  return values;
}

test("connections over time are the samples, and times not collected are gaps", async () => {
  const values = await record(connectionSampler, end - 20_000);
  const history = createHistory(consoleDatabase.sql, () => end);
  const { data, source, countsSince } = await getConnectionHistory({ audit, history, now }, range);
  const at = (name: string, time: number) => new Map(data.series[name]).get(time);
  expect(source).toBe("samples of pg_stat_activity");
  expect(countsSince).toEqual(new Date(end - 20_000));
  for (const { name } of connectionSampler.series) expect(at(name, end - 20_000)).toBe(values[name]);
  expect(at("connections.total", end - 30_000)).toBeNull();
  expect(data.units["connections.longestTransactionSeconds"]).toBe("seconds");
});

test("the engine's own pool over time: what it handed out meanwhile", async () => {
  await audit.server();
  await record(poolSampler, end - 20_000);
  const before = audit.stats().pools[0]?.acquired ?? 0;
  for (let i = 0; i < 20; i += 1) await audit.use("watch", "test.nothing", (sql) => sql`select 1`);
  const live = await getApplicationPools({ audit, instances, now });
  await record(poolSampler, end - 10_000);
  const after = audit.stats().pools[0]?.acquired ?? 0;
  const history = createHistory(consoleDatabase.sql, () => end);
  const { data } = await getPoolHistory({ audit, history, now }, range);
  const grown = 10 * (new Map(data.series["pools.acquired"]).get(end - 20_000) ?? 0);
  expect(grown).toBeGreaterThanOrEqual(20);
  expect(grown).toBeLessThanOrEqual(after - before + 1);
  expect(data.units["pools.acquired"]).toBe("perSecond");
  expect(new Map(data.series["pools.max"]).get(end - 10_000)).toBe(audit.stats().pools[0]?.max);
  expect(live.data.byPurpose).toMatchObject([{ purpose: "watch", instances: 1, waiting: 0, rejected: 0 }]);
});
