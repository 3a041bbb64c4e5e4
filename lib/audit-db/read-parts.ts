import type { Sql } from "postgres";
import type { MissingPart, Observed } from "../result.ts";
import { meaningOf, serverWordsOf, sqlStateOf } from "../sql-state.ts";
import { isConnectionError } from "./pool/driver-error.ts";
import type { ServerFacts } from "./target-facts.ts";
import type { AuditDb, ReadStatement } from "./types.ts";

/** What the server refused of an answer, collected while it is read. */
export type Missing = MissingPart[];

/**
 * Reads one part of an answer: null, and noted, where the server refuses it for good, so that the other parts stand. What
 * ends the whole look (a lost connection, a timeout, want of resources) is thrown.
 * @param part what it is called, e.g. "WAL on disk"
 */
export async function readPart<T>(
  missing: Missing,
  part: string,
  read: () => PromiseLike<T>,
): Promise<T | null> {
  try {
    return await read();
  } catch (thrown) {
    missing.push(explainMissing(part, thrown));
    return null;
  }
}

/** A refusal as the part that is missing for it. @throws what is no refusal for good */
export function explainMissing(part: string, thrown: unknown): MissingPart {
  const sqlState = sqlStateOf(thrown);
  if (sqlState === undefined || isConnectionError(thrown)) throw thrown;
  const { code, reason, hint } = meaningOf(sqlState);
  if (code === "TIMEOUT" || code === "OVERLOADED") throw thrown;
  const server = serverWordsOf(thrown);
  return {
    part,
    reason: `${part} cannot be read: ${reason}.`,
    ...(hint && { hint }),
    ...(server && { server }),
  };
}

/** A statement of several parts, each of which may be missing without the others. */
export type PartsStatement<T> = Omit<ReadStatement<T>, "run"> & {
  run(sql: Sql, server: ServerFacts, missing: Missing): Promise<T>;
};

/** A cached read whose parts may be missing; what is stands in `missing` of the answer. */
export async function readParts<T>(
  audit: Pick<AuditDb, "read">,
  statement: PartsStatement<T>,
): Promise<Observed<T>> {
  const { data: answer, ...observed } = await audit.read<{ data: T; missing: Missing }>({
    ...statement,
    run: async (sql, server) => {
      const missing: Missing = [];
      return { data: await statement.run(sql, server, missing), missing };
    },
  });
  return {
    ...observed,
    data: answer.data,
    ...(answer.missing.length > 0 && { missing: answer.missing }),
  };
}
