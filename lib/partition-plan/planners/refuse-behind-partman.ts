import type { AuditDb } from "../../audit-db/types.ts";
import { isManagedByPartman, readPartman } from "../../partition-facts/partman.ts";
import { quoteQualified } from "../../quote-sql.ts";
import type { Refusal } from "../types.ts";

/**
 * The tables among these whose partitions pg_partman makes: a name or bounds it does not expect would break its own
 * maintenance. Where its configuration may not be read, all of them.
 * @param tables those that partitions would be made of, branches by themselves
 */
export async function refuseBehindPartman(
  audit: Pick<AuditDb, "use">,
  tables: readonly { schema: string; name: string }[],
): Promise<Refusal[]> {
  const { unavailable, ...data } = await audit.use("watch", "partitions.partman", readPartman);
  if (data.installations.length === 0) return [];
  return tables.flatMap(({ schema, name }): Refusal[] => {
    const object = quoteQualified(schema, name);
    if (isManagedByPartman(data, { schema, name }))
      return [
        {
          object,
          outcome: "refused",
          words:
            "pg_partman makes the partitions of this table, and nobody makes any behind its back. Run its maintenance, or leave it for the upkeep of this console.",
        },
      ];
    if (!unavailable) return [];
    const words = `${unavailable.reason} Grant that first: ${unavailable.enable ?? ""}`.trim();
    return [{ object, outcome: "refused", words }];
  });
}
