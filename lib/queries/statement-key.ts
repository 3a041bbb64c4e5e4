import { z } from "zod";
import { AppError } from "../errors.ts";
import { isInt8 } from "../inputs.ts";

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
  const key = readKey(text);
  if (!key) throw new AppError("BAD_INPUT", "A statement's key has the form dbid/userid/queryid/toplevel.");
  return key;
}

/** A key as callers hand it in. */
export const statementKey = z
  .string()
  .max(100)
  .refine((text) => readKey(text) !== null, "has the form dbid/userid/queryid/toplevel");

const maxOid = 2 ** 32 - 1;

function readKey(text: string): StatementKey | null {
  const match = /^(\d{1,10})\/(\d{1,10})\/(-?\d{1,19})\/([01])$/.exec(text);
  if (!match) return null;
  const [, databaseId = "", userId = "", queryId = "", toplevel] = match;
  if (Number(databaseId) > maxOid || Number(userId) > maxOid || !isInt8(queryId)) return null;
  return { databaseId, userId, queryId, toplevel: toplevel === "1" };
}
