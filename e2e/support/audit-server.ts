import postgres from "postgres";
import { append } from "../../lib/audit-db/append/append.ts";
import type { EventInput } from "../../lib/audit-db/append/event-schema.ts";
import { connect } from "../../lib/audit-db/connect.ts";
import { migrateAudit } from "../../lib/audit-db/schema/migrate.ts";
import type { Cluster } from "../../lib/testing/cluster.ts";

export interface AuditServer {
  superuserUrl: string;
  watchUrl: string;
  writerUrl: string;
  maintenanceUrl: string;
  privacyUrl: string;
  explainUrl: string;
}

const silent = { debug() {}, info() {}, warn() {}, error() {} };
const password = "e2e";

/** Our schema, one login a purpose, and two thousand events of this month appended through the engine. */
export async function prepareAuditServer(cluster: Cluster): Promise<AuditServer> {
  const admin = postgres(cluster.url, { max: 1, onnotice: () => {} });
  await admin`create database audit`;
  await admin.end();
  const superuserUrl = urlOf(cluster.url, { database: "audit" });
  await migrateAudit(superuserUrl);
  const sql = postgres(superuserUrl, { max: 1, onnotice: () => {} });
  await sql`create extension pg_stat_statements`;
  await sql.unsafe(`
    create role watch_login login password '${password}' in role pg_monitor, audit_reader;
    create role writer_login login password '${password}' in role audit_writer;
    create role application_login login password '${password}' in role audit_reader;
    create role maintenance_login login password '${password}' in role audit_maintainer, pg_signal_backend, pg_read_all_stats;
    create role privacy_login login password '${password}' in role audit_privacy;
    create role explain_login login password '${password}';
    grant usage on schema public to explain_login;
    grant select on audit_log, audit_quarantine, retention_policy, audit_fence to explain_login;`);
  await sql.end();
  const writerUrl = urlOf(superuserUrl, { user: "writer_login", password });
  await appendEvents(superuserUrl, writerUrl, 2_000);
  return {
    superuserUrl,
    watchUrl: urlOf(superuserUrl, { user: "watch_login", password }),
    writerUrl,
    maintenanceUrl: urlOf(superuserUrl, { user: "maintenance_login", password }),
    privacyUrl: urlOf(superuserUrl, { user: "privacy_login", password }),
    explainUrl: urlOf(superuserUrl, { user: "explain_login", password }),
  };
}

async function appendEvents(watchUrl: string, writerUrl: string, count: number): Promise<void> {
  const engine = connect({ target: "e2e", urls: { watch: watchUrl, write: writerUrl }, logger: silent });
  const now = Date.now();
  const events: EventInput[] = Array.from({ length: count }, (_, i) => ({
    occurredAt: new Date(now - (count - i) * 1_000).toISOString(),
    organizationId: `org-${i % 5}`,
    action: i % 3 === 0 ? "record.viewed" : "record.changed",
    status: "success",
    targetType: "record",
    targetId: `record-${i % 100}`,
    retentionPolicy: i % 4 === 0 ? "phi" : "standard",
    dataClassification: i % 4 === 0 ? "PHI" : "INTERNAL",
  }));
  await append(engine, events);
  await engine.close();
}

/** The same server with another database or login. */
export function urlOf(url: string, change: { database?: string; user?: string; password?: string }): string {
  const changed = new URL(url);
  if (change.database) changed.pathname = `/${change.database}`;
  if (change.user) changed.username = change.user;
  if (change.password) changed.password = change.password;
  return changed.href;
}
