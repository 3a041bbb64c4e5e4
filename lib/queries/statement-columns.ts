import type { ServerFacts } from "../audit-db/target-facts.ts";
import type { SeriesDefinition } from "../collector/types.ts";

/** What is recorded per statement. Shared blocks "read" came from outside shared_buffers, not always from a disk. */
export const statementMetrics = [
  { name: "calls", kind: "counter", unit: "count" },
  { name: "totalExecMs", kind: "counter", unit: "ms" },
  { name: "rows", kind: "counter", unit: "count" },
  { name: "sharedBlksHit", kind: "counter", unit: "count" },
  { name: "sharedBlksRead", kind: "counter", unit: "count" },
  { name: "sharedBlksDirtied", kind: "counter", unit: "count" },
  { name: "sharedBlksWritten", kind: "counter", unit: "count" },
  { name: "tempBlksRead", kind: "counter", unit: "count" },
  { name: "tempBlksWritten", kind: "counter", unit: "count" },
  { name: "walBytes", kind: "counter", unit: "bytes" },
  { name: "ioMs", kind: "counter", unit: "ms" },
] as const satisfies readonly SeriesDefinition[];

export type StatementMetric = (typeof statementMetrics)[number]["name"];

/** What the installed extension (not the server: the two differ after an upgrade) can tell. */
export interface StatementFeatures {
  /** 1.8: total_exec_time, WAL. Older ones name their columns otherwise and are not read. */
  readable: boolean;
  /** 1.9 */
  toplevel: boolean;
  /** 1.9: pg_stat_statements_info */
  info: boolean;
  /** 1.11: stats_since, shared_blk_read_time in place of blk_read_time */
  statsSince: boolean;
}

/** Features by the extension's own version; null when it is not installed in the connected database. */
export function statementFeatures(server: ServerFacts): StatementFeatures | null {
  const extension = server.extensions.pg_stat_statements;
  if (!extension) return null;
  const [major = 0, minor = 0] = extension.version.split(".").map(Number);
  const atLeast = (least: number) => major > 1 || (major === 1 && minor >= least);
  return { readable: atLeast(8), toplevel: atLeast(9), info: atLeast(9), statsSince: atLeast(11) };
}

/** The select list of one entry, in the order dbid, userid, queryid, toplevel, stats since, metrics. */
export function statementColumns(features: StatementFeatures): string {
  const blockTime = features.statsSince ? "shared_blk" : "blk";
  return [
    "s.dbid",
    "s.userid",
    "s.queryid",
    features.toplevel ? "s.toplevel" : "true as toplevel",
    features.statsSince ? "extract(epoch from s.stats_since)::float8" : "null::float8",
    "s.calls",
    "s.total_exec_time",
    "s.rows",
    "s.shared_blks_hit",
    "s.shared_blks_read",
    "s.shared_blks_dirtied",
    "s.shared_blks_written",
    "s.temp_blks_read",
    "s.temp_blks_written",
    "s.wal_bytes",
    `s.${blockTime}_read_time + s.${blockTime}_write_time`,
  ].join(", ");
}
