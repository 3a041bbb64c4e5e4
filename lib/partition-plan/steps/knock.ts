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
