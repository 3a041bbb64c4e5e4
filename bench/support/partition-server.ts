import postgres, { type Sql } from "postgres";
import { connect } from "../../lib/audit-db/connect.ts";
import { migrateAudit } from "../../lib/audit-db/schema/migrate.ts";
import type { AuditDb } from "../../lib/audit-db/types.ts";
import { type ConsoleDb, openConsoleDb } from "../../lib/db/console-db.ts";
import { migrateConsole } from "../../lib/db/migrate.ts";
import { replaceEnv } from "../../lib/env.ts";
import { startCluster } from "../../lib/testing/cluster.ts";

const silent = { debug() {}, info() {}, warn() {}, error() {} };

export interface PartitionServer {
  /** Superuser of the audit database. */
  sql: Sql;
  url: string;
  consoleUrl: string;
  console: ConsoleDb;
  audit: AuditDb;
  /** A table by days of `at`, ten days back and today, that audit_maintainer owns; `more` in the same role. */
  makeDays(name: string, more?: string): Promise<void>;
  stop(): Promise<void>;
}

/** A PostgreSQL 18, durable as in production, with an audit and a console database. */
export async function startPartitionServer(): Promise<PartitionServer> {
  const cluster = await startCluster(18, {
    fsync: "on",
    max_connections: "60",
    autovacuum: "off",
    max_locks_per_transaction: "1024",
    shared_buffers: "256MB",
  });
  const at = (database: string) => Object.assign(new URL(cluster.url), { pathname: `/${database}` }).href;
  const admin = postgres(cluster.url, { max: 1, onnotice: () => {} });
  await admin`create database audit`;
  await admin`create database console`;
  await admin.end();
  const [url, consoleUrl] = [at("audit"), at("console")];
  await migrateAudit(url);
  await migrateConsole(consoleUrl);
  replaceEnv({ AUDIT_DATABASE_URL: url, CONSOLE_DATABASE_URL: consoleUrl, LOG_LEVEL: "silent" });
  const sql = postgres(url, { max: 2, onnotice: () => {} });
  await sql`grant create on schema public to audit_maintainer`;
  const console = openConsoleDb(consoleUrl, { max: 6 });
  const audit = connect({ target: "audit", urls: { watch: url, maintenance: url }, logger: silent });
  return {
    sql,
    url,
    consoleUrl,
    console,
    audit,
    async makeDays(name, more = "") {
      await sql.unsafe(`
        set role audit_maintainer;
        create table public.${name} (id bigint, at timestamptz not null, who text, note text, primary key (id, at))
          partition by range (at);
        create index on public.${name} (at);
        create index on public.${name} (who, at);
        do $$ begin for day in -10..0 loop
          execute format('create table public.${name}_%s partition of public.${name} for values from (%L) to (%L)',
            to_char(date_trunc('day', now(), 'UTC') + day * interval '1 day', 'YYYY_MM_DD'),
            date_trunc('day', now(), 'UTC') + day * interval '1 day',
            date_trunc('day', now(), 'UTC') + (day + 1) * interval '1 day');
        end loop; end $$;
        ${more};
        reset role`);
    },
    async stop() {
      await audit.close();
      await console.close();
      await sql.end({ timeout: 1 });
      await cluster.destroy();
    },
  };
}
