import type { Sql } from "postgres";
import { AppError } from "../../errors.ts";
import { parseBounds, type RangeEnd } from "../../partition-facts/parse-bounds.ts";
import { quoteQualified, quoteText } from "../../quote-sql.ts";
import type { Cut, TableFacts } from "./read-adoption.ts";
import { rangeOf } from "./split-condition.ts";

/** Both ends of a range as the server prints them in a partition's bounds. */
export interface RangeBounds {
  /** `'2026-01-01 00:00:00+00'` or MINVALUE. */
  from: string;
  to: string;
}

/** The bounds that its CHECKs say, of the key of the table it shall hang on; null where none does. */
export function learnBounds(child: TableFacts, { key }: Cut): RangeBounds | null {
  const [column = ""] = key;
  const checks = child.constraints.flatMap(({ condition }) => condition ?? []);
  const range = rangeOf(checks, column);
  return range && { from: withoutCast(range.from), to: withoutCast(range.to) };
}

/** `'2026-01-01'::date` is `'2026-01-01'` in a partition's bounds; `'-5'::integer` as well. */
const withoutCast = (literal: string) => literal.replace(/'::[\w ."]+(\[\])?$/, "'");

/**
 * Bounds as a person gave them, as the server understands them. @throws AppError BAD_INPUT for what is no value of the
 * key, or no range
 */
export async function readBounds(sql: Sql, given: RangeBounds, { keyType }: Cut): Promise<RangeBounds> {
  const open = (text: string) => /^(min|max)value$/i.test(text.trim());
  const literal = (text: string) => (open(text) ? text.trim().toUpperCase() : quoteText(text));
  const ends = [given.from, given.to].map((text) => (open(text) ? "NULL" : `${quoteText(text)}::${keyType}`));
  const asked = sql.unsafe<{ from: string | null; to: string | null; isRange: boolean | null }[]>(
    `select (${ends[0]})::text as from, (${ends[1]})::text as to, ${ends[0]} < ${ends[1]} as "isRange"`,
  );
  const [row] = await asked.catch((thrown: unknown) => {
    throw new AppError("BAD_INPUT", `The bounds are no values of the key, which is a ${keyType}.`, {
      hint: "Give both as the key has them, e.g. 2026-01-01 or 1767225600.",
      cause: thrown,
    });
  });
  if (row?.isRange === false)
    throw new AppError("BAD_INPUT", `The upper bound ${given.to} is not above the lower one, ${given.from}.`);
  return { from: literal(row?.from ?? given.from), to: literal(row?.to ?? given.to) };
}

/** A partition whose range these bounds run into; null where none is. */
export async function findOverlap(
  sql: Sql,
  bounds: RangeBounds,
  { partitions, keyType }: Cut,
): Promise<string | null> {
  for (const partition of partitions) {
    const parsed = partition.bounds === null ? null : parseBounds(partition.bounds);
    const [from, to] = parsed?.kind === "range" ? [parsed.from[0], parsed.to[0]] : [];
    if (!from || !to) continue;
    const below = (a: string, b: string) =>
      isOpen(a) || isOpen(b) ? "true" : `${typed(a, keyType)} < ${typed(b, keyType)}`;
    const [row] = await sql.unsafe<{ overlaps: boolean }[]>(
      `select ${below(bounds.from, endOf(to))} and ${below(endOf(from), bounds.to)} as overlaps`,
    );
    if (row?.overlaps) return quoteQualified(partition.schema, partition.name);
  }
  return null;
}

const isOpen = (text: string) => text === "MINVALUE" || text === "MAXVALUE";

/** A number stands as the server prints it, without a cast. */
const typed = (literal: string, keyType: string) =>
  /^-?\d/.test(literal) ? literal : `${literal}::${keyType}`;

function endOf(end: RangeEnd): string {
  if (end.is === "min") return "MINVALUE";
  return end.is === "max" ? "MAXVALUE" : quoteText(end.text);
}

/** What rows within the bounds satisfy, as a CHECK has it. The key may not be null there. */
export function conditionOf({ from, to }: RangeBounds, { key, keyType, condition }: Cut): string {
  const [column = ""] = key;
  const parts = [
    ...(condition === null ? [] : [condition]),
    `(${column} IS NOT NULL)`,
    ...(isOpen(from) ? [] : [`(${column} >= ${typed(from, keyType)})`]),
    ...(isOpen(to) ? [] : [`(${column} < ${typed(to, keyType)})`]),
  ];
  return `(${parts.join(" AND ")})`;
}
