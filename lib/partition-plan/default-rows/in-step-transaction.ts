import type { Sql } from "postgres";
import type { StepContext } from "../define-step.ts";

/** One transaction of a step that is more than its statements, with the attempt's limit for locks. */
export function inStepTransaction<T>(
  { session, lockTimeoutMs }: Pick<StepContext, "session" | "lockTimeoutMs">,
  run: (sql: Sql) => Promise<T>,
): Promise<T> {
  return session.sql.begin(async (sql) => {
    await sql.unsafe(`SET LOCAL lock_timeout = ${lockTimeoutMs}`);
    return run(sql as unknown as Sql);
  }) as Promise<T>;
}
