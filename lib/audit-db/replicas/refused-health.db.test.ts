import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { createDatabase, type TestDatabase } from "../../testing/database.ts";
import { connect } from "../connect.ts";
import type { AuditDb } from "../types.ts";
import { readHealth } from "./health.ts";

const logger = { debug() {}, info() {}, warn() {}, error() {} };
const quick = {
  ...{ probeIntervalMs: 200, probeTimeoutMs: 2_000, drainLagSeconds: 1, lsnWaitMs: 500, failoverWaitMs: 500 },
};
const databases: TestDatabase[] = [];
const engines: AuditDb[] = [];

/** A database in which a service refuses one function to everybody. */
async function refusing(name: string, type: string, asks = "()"): Promise<TestDatabase> {
  const database = await createDatabase({ template: "empty" });
  databases.push(database);
  await database.sql.unsafe(`
    alter function pg_catalog.${name}${asks} rename to ${name}_hidden;
    create function pg_catalog.${name}${asks} returns ${type} language plpgsql volatile as $$
      begin raise exception using errcode = '0A000', message = '${name} is not supported here'; end $$`);
  return database;
}

let control: TestDatabase;
let position: TestDatabase;
beforeAll(async () => {
  control = await refusing(
    "pg_control_system",
    "table (pg_control_version int, catalog_version_no int, system_identifier bigint, pg_control_last_modified timestamptz)",
  );
  position = await refusing("pg_current_wal_lsn", "pg_lsn");
});
afterAll(async () => {
  await Promise.all(engines.map((engine) => engine.close()));
  await Promise.all(databases.map((database) => database.drop()));
});

test("a server that refuses what tells its place in the cluster says nothing of it, rather than something false", async () => {
  for (const { sql } of [control, position])
    await expect(readHealth(sql)).rejects.toMatchObject({ code: "0A000" });
});

test.each(["pg_control_system", "pg_current_wal_lsn"])(
  "nodes that refuse %s say what could not be read and why, and reads of the target go on",
  async (refused) => {
    const { url } = refused === "pg_control_system" ? control : position;
    const other = Object.assign(new URL(url), { hostname: "localhost" }).href;
    const urls = { watch: url, replicas: [other] };
    const audit = connect({ target: "refused", urls, logger, replicas: quick });
    engines.push(audit);
    const reason =
      "its place in the cluster (pg_control_system(), WAL positions) cannot be read: this server does not offer it";
    await vi.waitFor(
      () =>
        expect(audit.nodes()).toMatchObject([
          { role: "unknown", reason },
          { role: "unknown", reason },
        ]),
      30_000,
    );
    expect(await audit.use("watch", "test", (sql) => sql`select 1 as one`)).toMatchObject([{ one: 1 }]);
    await vi.waitFor(() => expect(audit.status()).toMatchObject({ state: "up", reason: null }), 30_000);
  },
);
