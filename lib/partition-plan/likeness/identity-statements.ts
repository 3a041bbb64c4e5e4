import { quoteQualified, quoteText } from "../../quote-sql.ts";
import type { TableModel } from "./read-model.ts";

/** The index that ATTACH made the parent's partition has a name that only the server knows beforehand. */
export function identityStatements({ replicaIdentity, identityIndex }: TableModel, table: string): string[] {
  if (replicaIdentity === "d") return [];
  if (replicaIdentity !== "i")
    return [`ALTER TABLE ${table} REPLICA IDENTITY ${replicaIdentity === "f" ? "FULL" : "NOTHING"}`];
  if (!identityIndex) return [];
  const index = quoteText(quoteQualified(identityIndex.schema, identityIndex.name));
  const name = `(SELECT relname FROM pg_inherits JOIN pg_index ON indexrelid = inhrelid JOIN pg_class ON pg_class.oid = inhrelid WHERE inhparent = ${index}::regclass AND indrelid = ${quoteText(table)}::regclass)`;
  const change = quoteText(`ALTER TABLE ${table.replaceAll("%", "%%")} REPLICA IDENTITY USING INDEX %I`);
  return [`DO $identity$ BEGIN EXECUTE format(${change}, ${name}); END $identity$`];
}
