import { setTimeout as pause } from "node:timers/promises";
import type { Sql } from "postgres";
import { sqlStateOf } from "../../sql-state.ts";

const attempts = 12;

/**
 * Takes locks inside a transaction that has work behind it worth keeping: each attempt waits as long as lock_timeout
 * says, and between two nobody queues behind us.
 * @throws the driver's 55P03 after the last attempt
 */
export async function lockInTurns(
  sql: Sql,
  statements: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    signal.throwIfAborted();
    await sql.unsafe("SAVEPOINT before_locks");
    try {
      for (const statement of statements) await sql.unsafe(statement);
      return;
    } catch (thrown) {
      if (sqlStateOf(thrown) !== "55P03" || attempt === attempts) throw thrown;
      await sql.unsafe("ROLLBACK TO SAVEPOINT before_locks");
    }
    await pause(20 + Math.random() * 60 * attempt, undefined, { signal });
  }
}
