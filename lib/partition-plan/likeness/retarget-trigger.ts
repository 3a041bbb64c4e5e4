import { quoteQualified } from "../../quote-sql.ts";
import { sqlTokens } from "../../sql-tokens.ts";
import type { TableModel } from "./read-model.ts";

/** The definition names its table once, behind the first ON that stands in no quotes. */
export function retargetTrigger(definition: string, model: TableModel, table: string): string {
  let before = "";
  for (const token of sqlTokens(definition)) {
    if (token.kind === "word" && token.text === "ON") {
      const rest = definition.slice(token.at + 3);
      return `${before}ON ${table}${rest.slice(quoteQualified(model.schema, model.name).length)}`;
    }
    before += token.text;
  }
  throw new Error(`no table in ${definition}`);
}
