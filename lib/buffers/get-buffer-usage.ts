import type { Sql } from "postgres";
import type { ServerFacts } from "../audit-db/target-facts.ts";
import type { AuditDb } from "../audit-db/types.ts";
import { quoteIdentifier } from "../quote-sql.ts";
import type { Observed, Unavailable } from "../result.ts";
import type { BufferUsage } from "./types.ts";

const nothing: BufferUsage = {
  usedBytes: 0,
  unusedBytes: 0,
  dirtyBytes: 0,
  pinnedBytes: 0,
  totalBytes: 0,
  meanUsageCount: null,
};

/**
 * How much of shared_buffers is used, dirty and pinned, from pg_buffercache_summary() (extension ≥ 1.4, on
 * PostgreSQL ≥ 16). The older view pg_buffercache is never read: it costs a lock per buffer.
 */
export async function getBufferUsage(audit: AuditDb): Promise<Observed<BufferUsage | null>> {
  const observed = await audit.read<{ missing: Unavailable | null; usage: BufferUsage }>({
    name: "caches.buffer-usage",
    ttlMs: 10_000,
    source: "pg_buffercache_summary()",
    run: async (sql, server) => {
      const missing = await explainMissing(sql, server);
      if (missing) return { missing, usage: nothing };
      const schema = server.extensions.pg_buffercache?.schema ?? "public";
      const [usage] = await sql<BufferUsage[]>`
        select buffers_used::float8 * size as "usedBytes", buffers_unused::float8 * size as "unusedBytes",
               buffers_dirty::float8 * size as "dirtyBytes", buffers_pinned::float8 * size as "pinnedBytes",
               (buffers_used + buffers_unused)::float8 * size as "totalBytes",
               usagecount_avg as "meanUsageCount"
        from ${sql(schema)}.pg_buffercache_summary(),
             (select current_setting('block_size')::int as size) as block`;
      return { missing, usage: usage ?? nothing };
    },
  });
  const { missing, usage } = observed.data;
  return missing ? { ...observed, data: null, unavailable: missing } : { ...observed, data: usage };
}

async function explainMissing(sql: Sql, server: ServerFacts): Promise<Unavailable | null> {
  if (server.versionNum < 160_000) {
    return {
      code: "unsupported",
      reason: `pg_buffercache_summary() exists from PostgreSQL 16; this server is ${server.version}.`,
    };
  }
  const extension = server.extensions.pg_buffercache;
  if (!extension) {
    return {
      code: "not_installed",
      reason: `The extension pg_buffercache is not installed in ${server.database}.`,
      enable: "CREATE EXTENSION pg_buffercache;",
    };
  }
  // The extension keeps its old version over a server's upgrade until somebody updates it.
  const [row] = await sql<{ allowed: boolean | null; role: string }[]>`
    select has_function_privilege(f.oid, 'execute') as allowed, current_user as role
    from (select to_regprocedure(format('%I.pg_buffercache_summary()', ${extension.schema}::text)) as oid) f`;
  if (row?.allowed === null || row === undefined) {
    return {
      code: "unsupported",
      reason: `The installed pg_buffercache ${extension.version} has no pg_buffercache_summary() yet.`,
      enable: "ALTER EXTENSION pg_buffercache UPDATE;",
    };
  }
  if (row.allowed) return null;
  return {
    code: "no_grant",
    reason: `The role ${row.role} may not call pg_buffercache_summary().`,
    enable: `GRANT pg_monitor TO ${quoteIdentifier(row.role)};`,
  };
}
