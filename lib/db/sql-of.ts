import type { Sql } from "postgres";
import type { Tx } from "./console-db.ts";

/**
 * The raw client of a transaction, for functions that take one (the vault's) and must belong to it. Drizzle has changed how
 * it reads times: they come as text.
 */
export function sqlOf(tx: Tx): Sql {
  return (tx as unknown as { session: { client: Sql } }).session.client;
}
