import type { Sql } from "postgres";
import { addPartition, type NewPartition } from "./add-partition.ts";
import {
  type Bounds,
  intervalLabel,
  intervalsBetween,
  type PartitionInterval,
  uncovered,
} from "./partition-interval.ts";

/** A retention policy's branch and what it covers so far. */
export interface Branch {
  policy: string;
  interval: PartitionInterval;
  covered: Bounds[];
}

export interface Reach {
  /** The first moment to cover of each policy; default now. */
  from?: (policy: string) => Date;
  now: Date;
  /** Whole intervals after the one that holds `now`. */
  ahead: number;
}

/** How many intervals ahead partitions are made unless said otherwise. */
export const intervalsAhead = 3;

/** The policies the first migration brings, for a plan before there is a table to ask. */
export const firstPolicies = ["standard", "phi", "minimal", "confidential"] as const;

/** The partitions that are missing from what `reach` asks for, oldest first within each branch. */
export function missingPartitions(branches: readonly Branch[], reach: Reach): NewPartition[] {
  return branches.flatMap(({ policy, interval, covered }) =>
    intervalsBetween(interval, reach.from?.(policy) ?? reach.now, reach.now, reach.ahead)
      .flatMap((wanted) => uncovered(wanted, covered))
      .map((bounds) => ({
        policy,
        bounds,
        name: `audit_log_${policy}_${intervalLabel(interval, bounds)}`,
      })),
  );
}

/** Each policy's branch with the bounds of its partitions, from retention_policy and pg_inherits. */
export async function listBranches(sql: Sql): Promise<Branch[]> {
  const rows = await sql<
    { policy: string; interval: PartitionInterval; from: number | null; to: number | null; leaf: boolean }[]
  >`
    select policy.name as policy, policy.partition_interval as interval,
           child.oid is not null as leaf,
           extract(epoch from (bound.ends)[1]::timestamptz)::float8 * 1000 as "from",
           extract(epoch from (bound.ends)[2]::timestamptz)::float8 * 1000 as "to"
    from public.retention_policy policy
    join pg_class branch on branch.relname = 'audit_log_' || policy.name
     and branch.relnamespace = 'public'::regnamespace and branch.relkind = 'p'
    left join pg_inherits on inhparent = branch.oid
    left join pg_class child on child.oid = inhrelid
    left join lateral (
      select regexp_match(pg_get_expr(child.relpartbound, child.oid),
                          'FROM \\(''([^'']+)''\\) TO \\(''([^'']+)''\\)') as ends
    ) bound on true
    order by policy.name, "from"`;
  const branches = new Map<string, Branch>();
  for (const row of rows) {
    const branch = branches.get(row.policy) ?? { policy: row.policy, interval: row.interval, covered: [] };
    branches.set(row.policy, branch);
    // MINVALUE and MAXVALUE carry no quotes and match nothing: such a partition covers all.
    if (row.leaf)
      branch.covered.push({
        from: new Date(row.from ?? -8.64e15),
        to: new Date(row.to ?? 8.64e15),
      });
  }
  return [...branches.values()];
}

/**
 * Adds what is missing, each partition in a transaction of its own, so that no lock outlives one.
 * `sql` is one connection of a role that may become audit_maintainer.
 * @returns the names of the partitions added.
 */
export async function extendPartitions(
  sql: Sql,
  reach: Reach,
  onAdded?: (partition: NewPartition) => void,
): Promise<string[]> {
  const missing = missingPartitions(await listBranches(sql), reach);
  for (const partition of missing) {
    await addPartition(sql, partition);
    onAdded?.(partition);
  }
  return missing.map((partition) => partition.name);
}
