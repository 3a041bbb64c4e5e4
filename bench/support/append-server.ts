import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import postgres, { type Sql } from "postgres";
import type { EventInput } from "../../lib/audit-db/append/event-schema.ts";
import { connect } from "../../lib/audit-db/connect.ts";
import { migrateAudit } from "../../lib/audit-db/schema/migrate.ts";
import type { AuditDb } from "../../lib/audit-db/types.ts";
import { createVault } from "../../lib/audit-db/vault/create-vault.ts";
import { createMasterKeyFile, openMasterKeyFile } from "../../lib/audit-db/vault/file-master-keys.ts";
import { migrateConsole } from "../../lib/db/migrate.ts";
import { createKeyStore } from "../../lib/key-store/key-store.ts";
import { startCluster } from "../../lib/testing/cluster.ts";

const silent = { debug() {}, info() {}, warn() {}, error() {} };

export interface AppendServer {
  /** Superuser of the audit database. */
  sql: Sql;
  /** A login with audit_writer. */
  writerUrl: string;
  auditUrl: string;
  consoleUrl: string;
  masterKeyFile: string;
  audit: AuditDb;
  stop(): Promise<void>;
}

/** A PostgreSQL 18, durable as in production, with an audit and a console database and an engine with its vault. */
export async function startAppendServer(writers: number): Promise<AppendServer> {
  const cluster = await startCluster(18, {
    fsync: "on",
    full_page_writes: "on",
    max_connections: "150",
    shared_buffers: "512MB",
    max_wal_size: "4GB",
  });
  const folder = mkdtempSync(path.join(tmpdir(), "audit-bench-"));
  const admin = postgres(cluster.url, { max: 1, onnotice: () => {} });
  await admin`create database audit`;
  await admin`create database console`;
  const [auditUrl, consoleUrl] = [at(cluster.url, "audit"), at(cluster.url, "console")];
  await migrateAudit(auditUrl);
  await migrateConsole(consoleUrl);
  await admin`create role bench_writer login password 'test' in role audit_writer`;
  await admin.end();
  const writerUrl = at(cluster.url, "audit", "bench_writer");
  const masterKeyFile = path.join(folder, "master-key.json");
  createMasterKeyFile(masterKeyFile);
  const sql = postgres(auditUrl, { max: 2, onnotice: () => {} });
  const consoleSql = postgres(consoleUrl, { max: 4, onnotice: () => {} });
  const vault = createVault({
    keyStore: createKeyStore(consoleSql),
    masterKeys: openMasterKeyFile(masterKeyFile),
  });
  const audit = connect({
    target: "bench",
    urls: { watch: auditUrl, write: writerUrl },
    logger: silent,
    vault,
    pools: { write: { max: writers } },
  });
  return {
    sql,
    writerUrl,
    auditUrl,
    consoleUrl,
    masterKeyFile,
    audit,
    async stop() {
      await audit.close();
      await vault.close();
      await Promise.all([sql.end({ timeout: 1 }), consoleSql.end({ timeout: 1 })]);
      await cluster.destroy();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** An event of about 400 bytes by one of 2,000 people, as an application sends it. */
export function benchEvent(index: number): EventInput {
  return {
    organizationId: `org-${index % 40}`,
    action: "record.viewed",
    status: "success",
    targetType: "record",
    targetId: `record-${index % 9_999}`,
    correlationId: `request-${index}`,
    processingMs: index % 300,
    details: { fields: ["name", "dosage"], reason: "treatment", screen: "chart", index },
    actor: {
      id: `user-${index % 2_000}`,
      name: "Somebody Withaname",
      ip: "192.0.2.17",
      userAgent: "Mozilla/5.0",
    },
  };
}

function at(url: string, database: string, role?: string): string {
  const changed = new URL(url);
  changed.pathname = `/${database}`;
  if (role) changed.username = role;
  return changed.href;
}
