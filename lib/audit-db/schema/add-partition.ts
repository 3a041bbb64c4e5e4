import type { Sql } from "postgres";
import { quoteIdentifier, quoteText } from "../../quote-sql.ts";
import type { Bounds } from "./partition-interval.ts";

/** A partition of one branch of audit_log that is to be. */
export interface NewPartition {
  /** The branch's policy, e.g. `standard` for `audit_log_standard`. */
  policy: string;
  /** e.g. `audit_log_standard_2026_11` */
  name: string;
  bounds: Bounds;
}

/**
 * The statements that add a partition, for one transaction as audit_maintainer. CREATE, CHECK and ATTACH wait
 * for no reader and stall no writer; CREATE … PARTITION OF stalled ten writers for 1.4 s behind one reader.
 * The CHECK stays, so that the partition can be attached again without a scan after a detach.
 */
export function addPartitionStatements({ policy, name, bounds }: NewPartition): string[] {
  const table = `public.${quoteIdentifier(name)}`;
  const branch = `public.${quoteIdentifier(`audit_log_${policy}`)}`;
  const from = quoteText(bounds.from.toISOString());
  const to = quoteText(bounds.to.toISOString());
  return [
    `CREATE TABLE ${table} (LIKE ${branch} INCLUDING ALL, CONSTRAINT bounds CHECK (retention_policy = ${quoteText(policy)} AND occurred_at >= ${from} AND occurred_at < ${to}))`,
    `CREATE TRIGGER audit_log_guard_statement BEFORE UPDATE OR DELETE OR TRUNCATE ON ${table} FOR EACH STATEMENT EXECUTE FUNCTION public.audit_log_guard()`,
    `ALTER TABLE ${branch} ATTACH PARTITION ${table} FOR VALUES FROM (${from}) TO (${to})`,
    `ALTER TABLE ${table} ENABLE ALWAYS TRIGGER audit_log_guard_statement, ENABLE ALWAYS TRIGGER audit_log_guard_row`,
  ];
}

/**
 * Adds one partition. `sql` is one connection of a role that may become audit_maintainer.
 * @throws the driver's 42P07 when the name is taken, 42P17 when the bounds overlap, 55P03 after `lockTimeoutMs`.
 */
export async function addPartition(sql: Sql, partition: NewPartition, lockTimeoutMs = 2_000): Promise<void> {
  // Several statements in one message are one transaction, over also when the connection is lost in between.
  const statements = [
    `SET LOCAL lock_timeout = ${lockTimeoutMs}`,
    "SET LOCAL ROLE audit_maintainer",
    ...addPartitionStatements(partition),
  ];
  await sql.unsafe(statements.join(";\n"));
}
