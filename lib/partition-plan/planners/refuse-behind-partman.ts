import type { Sql } from "postgres";
import type { AuditDb } from "../../audit-db/types.ts";
import { isManagedByPartman, readPartman } from "../../partition-facts/partman.ts";
import { quoteQualified } from "../../quote-sql.ts";
import type { Refusal } from "../types.ts";

type Change = "make" | "detach" | "attach";

const theWay =
  "Run its maintenance (run-partman), or leave it first (leave-partman): then this console may do it.";

/** What another's hand would break. VACUUM, ANALYZE and indexes are none of its business: those are not refused. */
const reasons: Record<Change, string> = {
  make: `pg_partman makes the partitions of this table, and nobody makes any behind its back. ${theWay}`,
  detach: `pg_partman keeps the partitions of this table: it would make anew what is missing, or stumble over its name. To have old ones detached set its retention, with retention_keep_table. ${theWay}`,
  attach: `pg_partman keeps the partitions of this table by names and bounds of its own, and one that it did not make stops it. ${theWay}`,
};

/**
 * The tables among these whose partitions pg_partman makes: a name or bounds it does not expect would break its own
 * maintenance. Where its configuration may not be read, all of them.
 * @param tables those whose partitions would change, branches by themselves
 */
export function refuseBehindPartman(
  audit: Pick<AuditDb, "use">,
  tables: readonly { schema: string; name: string }[],
): Promise<Refusal[]> {
  return audit.use("watch", "partitions.partman", (sql) => behindPartman(sql, tables, "make"));
}

/** The same on a connection that is lent already. */
export async function behindPartman(
  sql: Sql,
  tables: readonly { schema: string; name: string }[],
  change: Change,
): Promise<Refusal[]> {
  const { unavailable, ...data } = await readPartman(sql);
  if (data.installations.length === 0) return [];
  return tables.flatMap(({ schema, name }): Refusal[] => {
    const object = quoteQualified(schema, name);
    if (isManagedByPartman(data, { schema, name }))
      return [{ object, outcome: "refused", words: reasons[change] }];
    if (!unavailable) return [];
    const words = `${unavailable.reason} Grant that first: ${unavailable.enable ?? ""}`.trim();
    return [{ object, outcome: "refused", words }];
  });
}
