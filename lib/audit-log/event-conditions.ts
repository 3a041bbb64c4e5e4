import type { EventFilters, EventKey } from "./event-filters.ts";

/** Filters with people's ids replaced by what the log calls them (`tokenFilters`). */
export interface TokenFilters extends EventFilters {
  /** `target` was a person's id, so it stands in target_token and nowhere else. */
  targetIsPerson?: boolean;
}

/** Puts a value into the statement and answers what stands for it there: a parameter, or a quoted literal. */
export type PlaceValue = (value: string | Date, type: "timestamptz" | "uuid" | "text") => string;

/** Conditions on audit_log that hold for exactly the events `filters` describes. The range stands as two constants, so that only its partitions are planned. */
export function eventConditions(filters: TokenFilters, place: PlaceValue): string[] {
  const { from, to, target, action, text } = filters;
  const conditions = [
    `occurred_at >= ${place(from, "timestamptz")}`,
    `occurred_at < ${place(to, "timestamptz")}`,
  ];
  const equal: [column: string, value: string | undefined][] = [
    ["actor_token", filters.actor],
    ["target_type", filters.targetType],
    ["organization_id", filters.organization],
    ["status", filters.status],
    ["data_classification", filters.classification],
    ["retention_policy", filters.policy],
    ["correlation_id", filters.correlation],
  ];
  for (const [column, value] of equal)
    if (value !== undefined) conditions.push(`${column} = ${place(value, "text")}`);
  if (target !== undefined) {
    const token = `target_token = ${place(target, "text")}`;
    conditions.push(filters.targetIsPerson ? token : `(${token} or target_id = ${place(target, "text")})`);
  }
  if (action?.endsWith("*")) conditions.push(`starts_with(action, ${place(action.slice(0, -1), "text")})`);
  else if (action !== undefined) conditions.push(`action = ${place(action, "text")}`);
  if (text !== undefined)
    conditions.push(`details::text ilike ${place(`%${text.replace(/[\\%_]/g, "\\$&")}%`, "text")}`);
  return conditions;
}

/** Conditions for what lies before or after an event in time; the first is for the index, the second exact. */
export function keyConditions(side: "before" | "after", key: EventKey, place: PlaceValue): string[] {
  const sign = side === "before" ? "<" : ">";
  const at = () => place(key.occurredAt, "timestamptz");
  return [`occurred_at ${sign}= ${at()}`, `(occurred_at, id) ${sign} (${at()}, ${place(key.id, "uuid")})`];
}
