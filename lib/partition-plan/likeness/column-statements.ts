import { quoteIdentifier, quoteText } from "../../quote-sql.ts";
import type { TableModel } from "./read-model.ts";

/** What columns have otherwise than those of the table above: defaults, statistics targets, options of ANALYZE, comments. */
export function columnStatements({ columns }: TableModel, table: string): string[] {
  return columns.flatMap(({ name, statistics, options, comment, commentAbove, ...each }) => {
    const column = quoteIdentifier(name);
    return [
      ...(each.default === each.defaultAbove
        ? []
        : [
            `ALTER TABLE ${table} ALTER COLUMN ${column} ${each.default === null ? "DROP DEFAULT" : `SET DEFAULT ${each.default}`}`,
          ]),
      ...(statistics === null
        ? []
        : [`ALTER TABLE ${table} ALTER COLUMN ${column} SET STATISTICS ${statistics}`]),
      ...(options === null
        ? []
        : [`ALTER TABLE ${table} ALTER COLUMN ${column} SET (${options.map(setting).join(", ")})`]),
      ...(comment === commentAbove
        ? []
        : [`COMMENT ON COLUMN ${table}.${column} IS ${comment === null ? "NULL" : quoteText(comment)}`]),
    ];
  });
}

/** `fillfactor=70` as it stands in WITH (…). */
export function setting(option: string): string {
  const [name = "", ...value] = option.split("=");
  return `${name} = ${quoteText(value.join("="))}`;
}
