import type { TableName } from "../../audit-db/structural/table-lock.ts";
import { quoteQualified } from "../../quote-sql.ts";
import type { StepContext } from "../define-step.ts";

/**
 * Sees that nobody's work is in the way of a statement that is to run without timeouts: takes the lock that it begins
 * with for a moment. One that is broken off later leaves an invalid index or a pending detach behind; this leaves nothing.
 * @throws the driver's 55P03 when it waited longer than the attempt may
 */
export async function knock({ session, lockTimeoutMs }: StepContext, table: TableName): Promise<void> {
  const on = quoteQualified(table.schema, table.name);
  await session.sql.unsafe(
    `SET LOCAL lock_timeout = ${lockTimeoutMs};\nLOCK TABLE ONLY ${on} IN SHARE UPDATE EXCLUSIVE MODE`,
  );
}

/**
 * Runs one statement outside of a transaction with this limit for its locks, and leaves the session without one.
 * @param lockTimeoutMs 0 for none
 */
export async function runAlone(
  { session }: StepContext,
  statement: string,
  lockTimeoutMs = 0,
): Promise<void> {
  const limit = (ms: number) => session.sql`select set_config('lock_timeout', ${`${ms}ms`}, false)`;
  await limit(lockTimeoutMs);
  try {
    await session.sql.unsafe(statement);
  } finally {
    if (lockTimeoutMs > 0 && !session.signal.aborted) await limit(0).catch(() => {});
  }
}
