import { quoteIdentifier } from "../../quote-sql.ts";
import type { TableModel } from "./read-model.ts";

/** The publications that name it itself. */
export function publicationStatements({ publications }: TableModel, table: string): string[] {
  return publications.map(({ name, columns, condition }) => {
    const listed = columns === null ? "" : ` (${columns.map(quoteIdentifier).join(", ")})`;
    const where = condition === null ? "" : ` WHERE (${condition})`;
    return `ALTER PUBLICATION ${quoteIdentifier(name)} ADD TABLE ONLY ${table}${listed}${where}`;
  });
}
