import type { Sql } from "postgres";
import { AppError } from "../../errors.ts";
import { quoteQualified } from "../../quote-sql.ts";
import { structuralWorkLock } from "../locks.ts";
import type { BackendIdentity } from "../pool/reserve.ts";

export interface TableName {
  schema: string;
  name: string;
}

/** Who does structural work on a table, as every session of the server can see it. */
export interface LockHolder extends BackendIdentity {
  role: string;
  /** As its session is called; for work of a console, `structuralWorkName`. */
  applicationName: string;
  /** Null for one on the server's own machine. */
  address: string | null;
}

/**
 * The number that stands for the table: the oid of the root, since what attaches or detaches one partition locks the
 * whole tree. As the lock takes it, a signed one.
 * @throws AppError NOT_FOUND
 */
export async function lockNumberOf(sql: Sql, table: TableName): Promise<number> {
  const [row] = await sql<{ number: number }[]>`
    select (case when root > 2147483647 then root - 4294967296 else root end)::int as number
    from pg_class, lateral (select coalesce(pg_partition_root(oid)::oid, oid)::int8 as root) as tree
    where relname = ${table.name} and relnamespace = (select oid from pg_namespace where nspname = ${table.schema})`;
  if (row) return row.number;
  throw new AppError("NOT_FOUND", `There is no table ${quoteQualified(table.schema, table.name)}.`);
}

/**
 * Whether this session now holds the table's lock. Never a call that waits: whoever waits in pg_advisory_lock keeps a
 * snapshot, for whose end CREATE INDEX CONCURRENTLY waits in turn, and the server ends one of the two as a deadlock.
 */
export async function tryLockTable(sql: Sql, number: number): Promise<boolean> {
  const [row] = await sql<{ locked: boolean }[]>`
    select pg_try_advisory_lock(${structuralWorkLock}::int, ${number}::int) as locked`;
  return row?.locked === true;
}

/** Who holds it. @param sql of a role that sees others' sessions; null when it was freed meanwhile */
export async function findLockHolder(sql: Sql, number: number): Promise<LockHolder | null> {
  const [holder] = await sql<LockHolder[]>`
    select pid, date_trunc('milliseconds', backend_start) as start, usename as role,
           application_name as "applicationName", host(client_addr) as address
    from pg_locks join pg_stat_activity using (pid)
    where locktype = 'advisory' and objsubid = 2 and granted
      and database = (select oid from pg_database where datname = current_database())
      and classid::int8 = ${structuralWorkLock} and objid = (${number}::int8 & 4294967295)::oid`;
  return holder ?? null;
}
