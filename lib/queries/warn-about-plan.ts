import type { Sql } from "postgres";
import { parseQualified, quoteQualified } from "../quote-sql.ts";
import { type PlanNode, planNodes } from "./plan-tree.ts";

/** A partition that a plan reads sequentially, and the tree it belongs to. */
export interface ScannedPartition {
  /** As the plan's node has it. */
  relation: string;
  root: string;
  /** Partitions of that tree that hold rows. */
  partitions: number;
  /** Columns of the partition keys above it. */
  keyColumns: string[];
}

interface ScannedRow extends Omit<ScannedPartition, "relation" | "root"> {
  schema: string;
  name: string;
  rootSchema: string;
  rootName: string;
}

const sampled = 20;

/** What is known of the partitions a plan scans sequentially, by a sample of them. Source: pg_partition_tree. */
export async function readScannedPartitions(sql: Sql, plan: PlanNode): Promise<ScannedPartition[]> {
  const relations = sequentialScans(plan).flatMap((node) => node.relation ?? []);
  if (relations.length < 2) return [];
  const names = [...new Set(relations)].slice(0, sampled).map(parseQualified);
  const rows = await sql<ScannedRow[]>`
    with scanned as materialized (
      select c.oid, n.nspname, c.relname, pg_partition_root(c.oid)::oid as root
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where c.relispartition
        and (n.nspname, c.relname) in (select schema, name from json_to_recordset(${JSON.stringify(names)}::text::json)
                                       as wanted (schema name, name name))
    ), tree as materialized (
      select r.root, (select count(*)::int from pg_partition_tree(r.root) where isleaf) as partitions
      from (select distinct root from scanned) r
    )
    select s.nspname as "schema", s.relname as "name", rn.nspname as "rootSchema", rc.relname as "rootName",
           t.partitions as "partitions",
           (select json_agg(distinct a.attname)
            from pg_partition_ancestors(s.oid) as up(relid)
            join pg_partitioned_table p on p.partrelid = up.relid
            join pg_attribute a on a.attrelid = up.relid and a.attnum = any (p.partattrs::int2[])) as "keyColumns"
    from scanned s join tree t on t.root = s.root
    join pg_class rc on rc.oid = s.root join pg_namespace rn on rn.oid = rc.relnamespace`;
  return rows.map(({ schema, name, rootSchema, rootName, ...partition }) => ({
    ...partition,
    relation: quoteQualified(schema, name),
    root: quoteQualified(rootSchema, rootName),
  }));
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
