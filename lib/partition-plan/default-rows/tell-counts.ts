import { quoteQualified } from "../../quote-sql.ts";
import { counted } from "../../words.ts";
import type { Repair } from "./repair.ts";

/** How many rows there are and in which intervals, and those that stay because no partition can take them. */
export function tellCounts({ fallback, counts }: Pick<Repair, "fallback" | "counts">): string[] {
  const name = quoteQualified(fallback.schema, fallback.name);
  const { pieces, withoutKey, outside, total } = counts;
  if (total === 0) return [`${name} holds no rows: there is nothing to do.`];
  const stay = [
    ...(withoutKey > 0
      ? [`${counted(withoutKey, "row")} without a key (NULL) stay in ${name}: no other partition takes them.`]
      : []),
    ...(outside > 0
      ? [`${counted(outside, "row")} at infinity, before 1900 or after 2199 stay in ${name}.`]
      : []),
  ];
  const where = pieces.map(
    ({ range, rows }) => `${counted(rows, "row")} from ${range.from[0]?.text} to ${range.to[0]?.text}`,
  );
  const told = where.length > 0 ? [`${name} holds ${counted(total, "row")}: ${where.join("; ")}.`] : [];
  return [...told, ...stay];
}
