import type { Sql } from "postgres";
import { addPartition } from "../audit-db/schema/add-partition.ts";
import { intervalAt, intervalLabel } from "../audit-db/schema/partition-interval.ts";
import { type HistorySpan, policyBeginning } from "./history.ts";

/** Kept for five years, so that nothing else calls for its oldest partitions. */
const policy = "confidential";

/**
 * An old partition with the month behind it missing, where no event was or will be: a gap to fill for whoever tries out
 * how partitions are made. Once it is filled it stays so.
 * @param sql one connection of a role that may become audit_maintainer
 */
export async function leaveGap(sql: Sql, span: HistorySpan): Promise<void> {
  const first = intervalAt("month", policyBeginning(policy, span));
  const missing = intervalAt("month", new Date(first.from.getTime() - 1));
  const bounds = intervalAt("month", new Date(missing.from.getTime() - 1));
  const name = `audit_log_${policy}_${intervalLabel("month", bounds)}`;
  const [found] =
    await sql`select from pg_class where relname = ${name} and relnamespace = 'public'::regnamespace`;
  if (!found) await addPartition(sql, { policy, name, bounds });
}
