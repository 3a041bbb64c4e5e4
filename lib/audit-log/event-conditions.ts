import type { EventFilters, EventKey } from "./event-filters.ts";

/** Filters with people's ids replaced by what the log calls them (`tokenFilters`). */
export interface TokenFilters extends EventFilters {
  /** `actor` was a person's id: what they are called on this target, a token for each policy. */
  actorTokens?: readonly string[];
  /** The same of `target`, which then stands in target_token and nowhere else. */
  targetTokens?: readonly string[];
  /** Tokens of people whose rows are not shown; required, so that no door forgets them. */
  restricted: readonly string[];
}

/** Puts a value into the statement and answers what stands for it there: a parameter, or a quoted literal. */
export type PlaceValue = (value: string | Date, type: "timestamptz" | "uuid" | "text") => string;

/** Conditions on audit_log that hold for exactly the events `filters` describes. The range stands as two constants, so that only its partitions are planned. */
export function eventConditions(filters: TokenFilters, place: PlaceValue): string[] {
  const { from, to, actor, actorTokens, target, targetTokens, action, text } = filters;
  const conditions = [
    `occurred_at >= ${place(from, "timestamptz")}`,
    `occurred_at < ${place(to, "timestamptz")}`,
  ];
  const equal: [column: string, value: string | undefined][] = [
    ["target_type", filters.targetType],
    ["organization_id", filters.organization],
    ["status", filters.status],
    ["data_classification", filters.classification],
    ["retention_policy", filters.policy],
    ["correlation_id", filters.correlation],
  ];
  for (const [column, value] of equal)
    if (value !== undefined) conditions.push(`${column} = ${place(value, "text")}`);
  const oneOf = (tokens: readonly string[]) =>
    `in (${tokens.map((token) => place(token, "text")).join(", ")})`;
  if (actorTokens) conditions.push(`actor_token ${oneOf(actorTokens)}`);
  else if (actor !== undefined) conditions.push(`actor_token = ${place(actor, "text")}`);
  if (targetTokens) conditions.push(`target_token ${oneOf(targetTokens)}`);
  else if (target !== undefined)
    conditions.push(`(target_token = ${place(target, "text")} or target_id = ${place(target, "text")})`);
  if (action?.endsWith("*")) conditions.push(`starts_with(action, ${place(action.slice(0, -1), "text")})`);
  else if (action !== undefined) conditions.push(`action = ${place(action, "text")}`);
  if (text !== undefined)
    conditions.push(`details::text ilike ${place(`%${text.replace(/[\\%_]/g, "\\$&")}%`, "text")}`);
  conditions.push(...unrestrictedConditions(filters.restricted, place));
  return conditions;
}

/** What leaves out rows of restricted people, whichever of the two they are in an event. Nobody restricted costs nothing. */
function unrestrictedConditions(restricted: readonly string[], place: PlaceValue): string[] {
  if (restricted.length === 0) return [];
  return ["actor_token", "target_token"].map(
    (column) =>
      `(${column} is null or ${column} not in (select jsonb_array_elements_text(${place(JSON.stringify(restricted), "text")}::jsonb)))`,
  );
}

/** Conditions for what lies before or after an event in time; the first is for the index, the second exact. */
export function keyConditions(side: "before" | "after", key: EventKey, place: PlaceValue): string[] {
  const sign = side === "before" ? "<" : ">";
  const at = () => place(key.occurredAt, "timestamptz");
  return [`occurred_at ${sign}= ${at()}`, `(occurred_at, id) ${sign} (${at()}, ${place(key.id, "uuid")})`];
}
