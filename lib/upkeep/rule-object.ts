import { nameRelation } from "../quote-sql.ts";
import type { UpkeepRule } from "../upkeep-rules/rule.ts";

/** What a rule is about, for records. */
export function objectOf(table: UpkeepRule["table"]) {
  const name = nameRelation(table);
  return { type: "table", id: name, name };
}
