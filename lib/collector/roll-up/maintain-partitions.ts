import type { Sql, TransactionSql } from "postgres";
import { consoleLocks } from "../../db/locks.ts";
import { type PartitionedTable, partitionedTables } from "../retention.ts";

const intervalsAhead = 2;

interface Partition {
  name: string;
  fromSeconds: number;
}

/**
 * Makes sure that samples of `now` and the next two intervals find their partitions.
 * Any number of processes may do it at once and as often as they like.
 * @returns names of the partitions created
 */
export async function createPartitions(sql: Sql, now: Date): Promise<string[]> {
  return sql.begin(async (tx) => {
    await tx`select pg_advisory_xact_lock(${consoleLocks.samplePartitions})`;
    const created: string[] = [];
    for (const table of partitionedTables) {
      const existing = new Set((await partitionsOf(tx, table)).map((p) => p.fromSeconds));
      const current = Math.floor(now.getTime() / 1_000 / table.intervalSeconds) * table.intervalSeconds;
      for (let step = -1; step <= intervalsAhead; step++) {
        const from = current + step * table.intervalSeconds;
        if (existing.has(from)) continue;
        const name = partitionName(table.table, from);
        await tx.unsafe(
          `create table history.${name} partition of history.${table.table}
           for values from ('${iso(from)}') to ('${iso(from + table.intervalSeconds)}')`,
        );
        created.push(name);
      }
    }
    return created;
  }) as Promise<string[]>;
}

/**
 * Drops partitions all of whose samples are past their retention at `now`.
 * @returns names of the partitions dropped
 */
export async function dropExpiredPartitions(sql: Sql, now: Date): Promise<string[]> {
  return sql.begin(async (tx) => {
    await tx`select pg_advisory_xact_lock(${consoleLocks.samplePartitions})`;
    await tx`set local lock_timeout = '2s'`;
    const dropped: string[] = [];
    for (const table of partitionedTables) {
      const keepFrom = now.getTime() / 1_000 - table.keepSeconds;
      for (const partition of await partitionsOf(tx, table)) {
        if (partition.fromSeconds + table.intervalSeconds > keepFrom) continue;
        await tx.unsafe(`drop table history.${partition.name}`);
        dropped.push(partition.name);
      }
    }
    return dropped;
  }) as Promise<string[]>;
}

/** The start of a partition is read from its name, which only `createPartitions` gives. */
async function partitionsOf(sql: TransactionSql, table: PartitionedTable): Promise<Partition[]> {
  const rows = await sql<{ name: string }[]>`
    select c.relname as name
    from pg_inherits i join pg_class c on c.oid = i.inhrelid
    where i.inhparent = ${`history.${table.table}`}::regclass`;
  return rows.flatMap(({ name }) => {
    const seconds = Number(/_e(\d+)$/.exec(name)?.[1] ?? Number.NaN);
    return Number.isFinite(seconds) ? [{ name, fromSeconds: seconds }] : [];
  });
}

function partitionName(table: string, fromSeconds: number): string {
  const compact = iso(fromSeconds).slice(0, 13).replaceAll("-", "").replace("T", "t");
  return `${table}_${compact}_e${fromSeconds}`;
}

function iso(seconds: number): string {
  return new Date(seconds * 1_000).toISOString();
}
