import type { Sql } from "postgres";
import { isConnectionError } from "./driver-error.ts";

/**
 * A transaction on a leased connection, which is one session and belongs to one caller. The driver's own `begin`
 * writes its ROLLBACK to a socket that is gone when the server went away meanwhile, and the error it then throws
 * from a timer ends the process; this one sends nothing more once the connection is lost.
 */
export async function inTransaction<T>(sql: Sql, mode: string, run: (sql: Sql) => Promise<T>): Promise<T> {
  const session = sessionOf(await sql.unsafe(`begin ${mode.replace(/[^a-z ]/gi, "")}`));
  try {
    const result = await run(sql);
    // The driver opens a lost connection anew without a word, and a COMMIT there succeeds at nothing.
    if (sessionOf(await sql.unsafe("commit")) !== session)
      throw Object.assign(new Error("the session was lost within a transaction"), {
        code: "CONNECTION_CLOSED",
      });
    return result;
  } catch (thrown) {
    if (!isConnectionError(thrown)) await sql.unsafe("rollback");
    throw thrown;
  }
}

/** The server's process that answered. */
function sessionOf(result: object): number | undefined {
  return (result as { state?: { pid?: number } }).state?.pid;
}
