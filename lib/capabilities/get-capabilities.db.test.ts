import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { connect } from "../audit-db/connect.ts";
import type { AuditDb } from "../audit-db/types.ts";
import type { Capability } from "../capability.ts";
import { type Cluster, startCluster } from "../testing/cluster.ts";
import { createDatabase, type TestDatabase } from "../testing/database.ts";
import { getCapabilities } from "./get-capabilities.ts";

const quiet = { debug() {}, info() {}, warn() {}, error() {} };
const nothingConfigured = {
  poolerUrl: false,
  redis: null,
  vaultProblem: "MASTER_KEY_FILE is not set",
};

async function capabilitiesOf(audit: AuditDb): Promise<Record<string, Capability>> {
  const { data } = await getCapabilities(audit, nothingConfigured, new Date());
  expect(data.present + data.missing + data.unknown).toBe(data.capabilities.length);
  return Object.fromEntries(data.capabilities.map((c) => [c.id, c]));
}

describe.each([15, 18] as const)("on PostgreSQL %i", (server) => {
  let database: TestDatabase;
  let monitor: AuditDb;
  let plain: AuditDb;
  let plainUser: string;

  beforeAll(async () => {
    database = await createDatabase({ server, template: "empty" });
    const plainUrl = await database.login([]);
    plainUser = new URL(plainUrl).username;
    monitor = connect({ target: "t", urls: { watch: await database.login(["pg_monitor"]) }, logger: quiet });
    plain = connect({ target: "t", urls: { watch: plainUrl, write: plainUrl }, logger: quiet });
  });
  afterAll(async () => {
    await Promise.all([monitor?.close(), plain?.close()]);
    await database?.drop();
  });

  test("a member of pg_monitor has the statistics, and only what the server lacks is missing", async () => {
    const found = await capabilitiesOf(monitor);
    for (const id of [
      "server_version",
      "pg_monitor",
      "pg_stat_statements_installed",
      "pg_stat_statements_preloaded",
      "pg_stat_statements_readable",
      "track_activities",
      "direct_connection",
    ])
      expect([id, found[id]?.state, found[id]?.enable]).toEqual([id, "present", null]);
    expect(found.pg_stat_io?.state).toBe(server >= 16 ? "present" : "missing");
    expect(found.track_io_timing?.state).toBe("missing");
    expect(found.audit_schema?.state).toBe("missing");
    expect(found.writer_url?.state).toBe("missing");
    expect(found.redis?.evidence).toContain("Redis: not configured");
    expect(found.personal_data).toMatchObject({ state: "missing", evidence: "MASTER_KEY_FILE is not set" });
  });

  test("what a plain role lacks is named with the SQL, and that SQL enables it", async () => {
    const before = await capabilitiesOf(plain);
    expect(before.pg_monitor).toMatchObject({
      state: "missing",
      enable: `GRANT pg_monitor TO ${plainUser};`,
    });
    expect(before.pg_stat_statements_readable?.state).toBe("missing");
    expect(before.pg_stat_statements_preloaded).toMatchObject({ state: "present" });
    expect(before.writer_url?.state).toBe("present");

    await database.sql.unsafe(before.pg_monitor?.enable ?? "");
    const url = new URL(database.url);
    url.username = plainUser;
    url.password = "test";
    const again = connect({ target: "t", urls: { watch: url.href }, logger: quiet });
    try {
      const after = await capabilitiesOf(again);
      expect(after.pg_monitor?.state).toBe("present");
      expect(after.pg_stat_statements_readable?.state).toBe("present");
    } finally {
      await again.close();
    }
  });

  test("the explain connection is there when its role can do nothing but read; else its rights are named", async () => {
    const explain = await database.login(["pg_monitor"]);
    const role = new URL(explain).username;
    const examine = async () => {
      const audit = connect({ target: "t", urls: { watch: database.url, explain }, logger: quiet });
      try {
        return (await capabilitiesOf(audit)).explain_url;
      } finally {
        await audit.close();
      }
    };
    expect((await capabilitiesOf(monitor)).explain_url).toMatchObject({
      state: "missing",
      evidence: "AUDIT_EXPLAIN_URL is not set",
    });
    const before = await examine();
    expect(before).toMatchObject({
      state: "missing",
      evidence: "AUDIT_EXPLAIN_URL is set, but its role is a member of pg_monitor",
      enable: `REVOKE pg_monitor FROM ${role};`,
    });
    await database.sql.unsafe(before?.enable ?? "");
    expect(await examine()).toMatchObject({ state: "present", enable: null });
    await database.sql.unsafe(`alter role ${role} nologin`);
    expect(await examine()).toMatchObject({ state: "unknown" });
  });

  test("without the extensions it offers the statement that installs them", async () => {
    await database.sql`drop extension pg_stat_statements`;
    const again = connect({
      target: "t",
      urls: { watch: await database.login(["pg_monitor"]) },
      logger: quiet,
    });
    try {
      const before = await capabilitiesOf(again);
      expect(before.pg_stat_statements_installed?.enable).toBe("CREATE EXTENSION pg_stat_statements;");
      expect(before.pg_stat_statements_readable?.state).toBe("missing");
      expect(before.pg_stat_statements_preloaded?.state).toBe("present");
      await database.sql.unsafe(before.pg_stat_statements_installed?.enable ?? "");
      if (before.pg_buffercache?.state === "missing")
        await database.sql.unsafe(before.pg_buffercache.enable ?? "");
    } finally {
      await again.close();
    }
    const enabled = connect({
      target: "t",
      urls: { watch: await database.login(["pg_monitor"]) },
      logger: quiet,
    });
    try {
      const after = await capabilitiesOf(enabled);
      expect(after.pg_stat_statements_readable?.state).toBe("present");
      expect(after.pg_buffercache?.state).toBe("present");
    } finally {
      await enabled.close();
    }
  });
});

describe("on a server that preloads something else", () => {
  let cluster: Cluster;
  beforeAll(async () => {
    cluster = await startCluster(15, { shared_preload_libraries: "auto_explain" });
  });
  afterAll(() => cluster?.destroy());

  test("the setting that is offered keeps what is preloaded already, and the server takes it", async () => {
    const admin = postgres(cluster.url, { max: 1, onnotice: () => {} });
    const audit = connect({ target: "t", urls: { watch: cluster.url }, logger: quiet });
    try {
      await admin`create extension pg_stat_statements`;
      const found = await capabilitiesOf(audit);
      expect(found.pg_stat_statements_installed?.state).toBe("present");
      expect(found.pg_stat_statements_preloaded?.state).toBe("missing");
      expect(found.pg_stat_statements_readable).toMatchObject({ state: "missing" });
      expect(found.pg_stat_statements_readable?.evidence).toContain("shared_preload_libraries");
      const enable = found.pg_stat_statements_preloaded?.enable ?? "";
      expect(enable).toMatch(
        /^ALTER SYSTEM SET shared_preload_libraries = 'auto_explain', 'pg_stat_statements';/,
      );
      await admin.unsafe(enable);
      const [set] = await admin<{ setting: string }[]>`
        select setting from pg_file_settings where name = 'shared_preload_libraries' and sourcefile like '%auto.conf'`;
      expect(set?.setting).toBe("auto_explain, pg_stat_statements");
    } finally {
      await audit.close();
      await admin.end();
    }
  });
});

test("a target that cannot be reached is unknown, with the reason, and what is configured still shows", async () => {
  const audit = connect({
    target: "gone",
    urls: { watch: "postgres://nobody@127.0.0.1:1/none", maintenance: "postgres://nobody@127.0.0.1:1/none" },
    logger: quiet,
  });
  try {
    const found = await capabilitiesOf(audit);
    expect(found.pg_monitor?.state).toBe("unknown");
    expect(found.pg_monitor?.evidence).toMatch(/^Not asked: .+/);
    expect(found.maintenance_url?.state).toBe("present");
  } finally {
    await audit.close();
  }
});
