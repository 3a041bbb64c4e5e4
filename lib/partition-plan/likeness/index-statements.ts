import { quoteQualified } from "../../quote-sql.ts";
import type { Relation } from "./new-table.ts";
import type { TableModel } from "./read-model.ts";

/** Indexes that it has besides the parent's, under names that the server gives. */
export function indexStatements({ indexes }: TableModel, child: Relation): string[] {
  const table = quoteQualified(child.schema, child.name);
  return indexes.map(({ unique, definition, constraint }) =>
    constraint === null
      ? `CREATE ${unique ? "UNIQUE " : ""}INDEX ON ${table} USING ${definition}`
      : `ALTER TABLE ${table} ADD ${constraint}`,
  );
}
