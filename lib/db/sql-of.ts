import type { Sql } from "postgres";
import type { Queryable } from "./console-db.ts";

/**
 * The raw client of drizzle's, or of its transaction, for functions that take one (the vault's) and must belong to it.
 * Drizzle has changed how it reads times: they come as text.
 */
export function sqlOf(db: Queryable): Sql {
  return (db as unknown as { session: { client: Sql } }).session.client;
}
