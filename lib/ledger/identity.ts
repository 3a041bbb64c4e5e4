import type { Sql } from "postgres";
import { sqlStateOf } from "../sql-state.ts";

/** Which database somebody is connected to. Null is unknown, and is compared with nothing. */
export interface DatabaseIdentity {
  /** Of the cluster, as text: it does not fit a double. */
  systemIdentifier: string | null;
  /** Counted up by each promotion and each recovery to a point in time; null on a replica, where it lags behind. */
  timeline: number | null;
  /** Oid of `audit_log`. */
  logOid: number | null;
  /** Digest of the oids of its partitions; null on a replica. */
  partitions: string | null;
  /** When the server was started: no older state of its files is taken up without that. */
  startedAt: Date;
  inRecovery: boolean;
}

/** Asks the server who it is. Servers may refuse pg_control_*: what they do not say is unknown. */
export async function readIdentity(sql: Sql): Promise<DatabaseIdentity> {
  // By the catalogue, not by pg_partition_tree(), which waits for whoever has locked a partition.
  const [row] = await sql<
    { log: string | null; partitions: string | null; startedAt: Date; inRecovery: boolean }[]
  >`
    with recursive tree as (
      select to_regclass('public.audit_log')::oid as oid
      union all select inhrelid from pg_inherits join tree on inhparent = tree.oid)
    select to_regclass('public.audit_log')::oid::text as log, pg_postmaster_start_time() as "startedAt",
           (select md5(string_agg(oid::text, ',' order by oid)) from tree) as partitions,
           pg_is_in_recovery() as "inRecovery"`;
  if (!row) throw new Error("the server answered no row about itself");
  const { log, partitions, startedAt, inRecovery } = row;
  const control = await readControl(sql);
  return {
    systemIdentifier: control?.id ?? null,
    timeline: inRecovery ? null : (control?.timeline ?? null),
    logOid: log === null ? null : Number(log),
    partitions: inRecovery ? null : partitions,
    startedAt: new Date(startedAt),
    inRecovery,
  };
}

const refused: ReadonlySet<string | undefined> = new Set(["42501", "42883", "0A000"]);

async function readControl(sql: Sql): Promise<{ id: string; timeline: number } | null> {
  try {
    const [row] = await sql<{ id: string; timeline: number }[]>`
      select (select system_identifier::text from pg_control_system()) as id,
             case when pg_is_in_recovery() then (select timeline_id from pg_control_checkpoint())
             else ('x' || left(pg_walfile_name(pg_current_wal_lsn()), 8))::bit(32)::int end as timeline`;
    return row ?? null;
  } catch (thrown) {
    if (refused.has(sqlStateOf(thrown))) return null;
    throw thrown;
  }
}

/** What tells that this is not the database that was compared; null where nothing does. */
export function tellAnother(
  before: Pick<DatabaseIdentity, "systemIdentifier" | "timeline" | "logOid" | "partitions" | "startedAt">,
  now: DatabaseIdentity,
): string | null {
  const differs = (a: number | string | null, b: number | string | null) =>
    a !== null && b !== null && a !== b;
  if (differs(before.systemIdentifier, now.systemIdentifier)) return "another cluster";
  if (differs(before.logOid, now.logOid)) return "another table";
  if (differs(before.timeline, now.timeline)) return "another timeline";
  if (differs(before.partitions, now.partitions)) return "other partitions";
  // A replica was started when it was, whatever its primary is.
  if (!now.inRecovery && before.startedAt.getTime() !== now.startedAt.getTime())
    return "a server started anew";
  return null;
}
