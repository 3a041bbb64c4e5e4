import { quoteQualified } from "../../quote-sql.ts";
import { counted } from "../../words.ts";
import type { Repair } from "./repair.ts";

/** How many rows there are and in which intervals, and those that stay because no partition can take them. */
export function tellCounts({ fallback, counts }: Pick<Repair, "fallback" | "counts">): string[] {
  const name = quoteQualified(fallback.schema, fallback.name);
  const { pieces, withoutKey, outside, total, more } = counts;
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
    ({ range, rows }) =>
      `${more ? "at least " : ""}${counted(rows, "row")} from ${range.from[0]?.text} to ${range.to[0]?.text}`,
  );
  const told =
    where.length > 0
      ? [`${name} holds ${more ? "more than " : ""}${counted(total, "row")}: ${where.join("; ")}.`]
      : [];
  const rest = more
    ? [
        `Only the first ${counted(total, "row")} of ${name} were counted, so that planning reads no more: what lies behind them may belong into other intervals. Plan again once this is done.`,
      ]
    : [];
  return [...told, ...rest, ...stay];
}
