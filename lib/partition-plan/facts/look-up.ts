import type { Sql } from "postgres";
import { withProbeSettings } from "../../partition-facts/with-probe-settings.ts";

/**
 * Asks the catalogues so that names in what the server prints are qualified: what was printed runs on another session. It
 * gives up soon where somebody's lock hides an expression.
 */
export function lookUp<T>(sql: Sql, look: (sql: Sql) => PromiseLike<T>): Promise<T> {
  return withProbeSettings(sql, async (probe) => {
    await probe`select set_config('search_path', 'pg_catalog', true)`;
    return look(probe);
  });
}
