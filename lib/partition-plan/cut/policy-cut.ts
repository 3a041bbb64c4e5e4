import type { Sql } from "postgres";
import type { PartitionInterval } from "../../audit-db/schema/partition-interval.ts";
import type { PartitionNode } from "../../partition-facts/get-nodes.ts";
import type { Trees } from "../tree.ts";
import type { AskedCut } from "./learn-line.ts";

/** How a retention policy says that its branch of our own table is cut, always in UTC; undefined for any other table. */
export async function policyCut(
  sql: Sql,
  trees: Trees,
  parent: PartitionNode,
  asked: AskedCut | undefined,
): Promise<AskedCut | undefined> {
  const root = trees.node(parent.root);
  if (root?.schema !== "public" || root.name !== "audit_log" || parent.level !== 1) return undefined;
  const [schema] = await sql<{ ours: boolean }[]>`
    select to_regclass('public.audit_migrations') is not null and coalesce(has_table_privilege(to_regclass('public.retention_policy'), 'select'), false) as "ours"`;
  if (!schema?.ours) return undefined;
  const [policy] = await sql<{ interval: PartitionInterval }[]>`
    select partition_interval as "interval" from public.retention_policy where 'audit_log_' || name = ${parent.name}`;
  return policy && { ...asked, unit: policy.interval, count: 1, timeZone: asked?.timeZone ?? "UTC" };
}
