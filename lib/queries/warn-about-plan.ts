import type { Sql } from "postgres";
import { type PlanNode, planNodes } from "./plan-tree.ts";

/** A partition that a plan reads sequentially, and the tree it belongs to. */
export interface ScannedPartition {
  /** schema.name, as in the plan. */
  relation: string;
  root: string;
  /** Partitions of that tree that hold rows. */
  partitions: number;
  /** Columns of the partition keys above it. */
  keyColumns: string[];
}

const sampled = 20;

/** What is known of the partitions a plan scans sequentially, by a sample of them. Source: pg_partition_tree. */
export async function readScannedPartitions(sql: Sql, plan: PlanNode): Promise<ScannedPartition[]> {
  const relations = sequentialScans(plan).flatMap((node) => node.relation ?? []);
  if (relations.length < 2) return [];
  const names = JSON.stringify([...new Set(relations)].slice(0, sampled));
  return sql<ScannedPartition[]>`
    with scanned as materialized (
      select c.oid, n.nspname || '.' || c.relname as relation, pg_partition_root(c.oid)::oid as root
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where c.relispartition
        and n.nspname || '.' || c.relname in (select json_array_elements_text(${names}::text::json))
    ), tree as materialized (
      select r.root, (select count(*)::int from pg_partition_tree(r.root) where isleaf) as partitions
      from (select distinct root from scanned) r
    )
    select s.relation as "relation", rn.nspname || '.' || rc.relname as "root", t.partitions as "partitions",
           (select json_agg(distinct a.attname)
            from pg_partition_ancestors(s.oid) as up(relid)
            join pg_partitioned_table p on p.partrelid = up.relid
            join pg_attribute a on a.attrelid = up.relid and a.attnum = any (p.partattrs::int2[])) as "keyColumns"
    from scanned s join tree t on t.root = s.root
    join pg_class rc on rc.oid = s.root join pg_namespace rn on rn.oid = rc.relnamespace`;
}

/**
 * Warnings in words: an Append that reads every partition of a tree from end to end. A filter that compares a
 * key column with a parameter is let pass, because the server then skips partitions once it has the value.
 */
export function warnAboutPlan(plan: PlanNode, scanned: readonly ScannedPartition[]): string[] {
  const byRelation = new Map(scanned.map((partition) => [partition.relation, partition]));
  const warnings = new Set<string>();
  for (const node of planNodes(plan)) {
    if (node.node !== "Append" && node.node !== "Merge Append") continue;
    const scans = sequentialScans(node);
    const known = scans.flatMap((scan) => {
      const partition = byRelation.get(scan.relation ?? "");
      return partition ? [{ scan, partition }] : [];
    });
    const [first] = known;
    if (!first || scans.length < Math.max(2, first.partition.partitions)) continue;
    if (known.some(({ scan, partition }) => prunesAtRun(scan, partition.keyColumns ?? []))) continue;
    warnings.add(
      `Reads all ${first.partition.partitions} partitions of ${first.partition.root} from end to end: nothing in the statement limits ${first.partition.keyColumns.join(", ")}.`,
    );
  }
  return [...warnings];
}

function prunesAtRun(scan: PlanNode, keyColumns: readonly string[]): boolean {
  const filter = scan.details.find(([label]) => label === "Filter")?.[1] ?? "";
  return /\$\d/.test(filter) && keyColumns.some((column) => filter.includes(column));
}

function sequentialScans(plan: PlanNode): PlanNode[] {
  return planNodes(plan).filter((node) => node.node === "Seq Scan");
}
