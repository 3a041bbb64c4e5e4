import { AppError } from "../errors.ts";

/** What identifies an entry of pg_stat_statements; ids stay text, a queryid exceeds a double. */
export interface StatementKey {
  databaseId: string;
  userId: string;
  queryId: string;
  toplevel: boolean;
}

/** "dbid/userid/queryid/toplevel", toplevel as 1 or 0. */
export function formatStatementKey(key: StatementKey): string {
  return `${key.databaseId}/${key.userId}/${key.queryId}/${key.toplevel ? 1 : 0}`;
}

/** @throws AppError BAD_INPUT for a text of another form. */
export function parseStatementKey(text: string): StatementKey {
  const match = /^(\d+)\/(\d+)\/(-?\d+)\/([01])$/.exec(text);
  if (!match) throw new AppError("BAD_INPUT", "A statement's key has the form dbid/userid/queryid/toplevel.");
  const [, databaseId = "", userId = "", queryId = "", toplevel] = match;
  return { databaseId, userId, queryId, toplevel: toplevel === "1" };
}
