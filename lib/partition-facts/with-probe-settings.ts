import type { Sql } from "postgres";
import { AppError } from "../errors.ts";

/**
 * Runs one catalogue probe in a read-only transaction that gives up soon on a lock that came after the probe looked
 * for locks.
 * One that lost that race runs once more: the second look sees the lock and leaves that relation out.
 */
export async function withProbeSettings<T>(sql: Sql, probe: (sql: Sql) => PromiseLike<T>): Promise<T> {
  try {
    return await once(sql, probe);
  } catch (thrown) {
    if (!isLockTimeout(thrown)) throw thrown;
    return once(sql, probe);
  }
}

async function once<T>(sql: Sql, probe: (sql: Sql) => PromiseLike<T>): Promise<T> {
  const result = await sql.begin("read only", async (transaction) => {
    await transaction`select set_config('lock_timeout', '200ms', true)`;
    return probe(transaction as unknown as Sql);
  });
  return result as T;
}

function isLockTimeout(thrown: unknown): boolean {
  const cause = thrown instanceof AppError ? thrown.cause : thrown;
  return typeof cause === "object" && cause !== null && "code" in cause && cause.code === "55P03";
}
