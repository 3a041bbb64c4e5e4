import type { Sql } from "postgres";
import { AppError } from "../../errors.ts";
import { parseBounds } from "../../partition-facts/parse-bounds.ts";
import { quoteQualified, quoteText } from "../../quote-sql.ts";
import type { Cut, TableFacts } from "./read-adoption.ts";
import { splitByCommas, splitCondition } from "./split-condition.ts";

/** Values of a list, and how a condition says them. */
export interface ListValues {
  /** As SQL literals without a cast. */
  values: string[];
  /** `country = 'de'::text`, as the server writes it; null where nothing says it yet. */
  said: string | null;
}

/** The values that its CHECKs say of the key; null where none does. */
export async function learnValues(
  sql: Sql,
  child: TableFacts,
  { key, keyType }: Cut,
): Promise<ListValues | null> {
  const [column = ""] = key;
  const parts = child.constraints.flatMap(({ condition }) => (condition ? splitCondition(condition) : []));
  for (const part of parts) {
    const begin = [column, `(${column})`, `(${column})::text`].find((name) => part.startsWith(`${name} = `));
    if (begin === undefined) continue;
    const right = part.slice(begin.length + 3);
    const several = /^ANY \((.*)\)$/s.exec(right)?.[1];
    const values = several === undefined ? listed([right]) : await readArray(sql, several, keyType);
    if (values) return { values, said: part };
  }
  return null;
}

/** Null where one of them is no literal. */
function listed(literals: readonly string[]): string[] | null {
  const bare = literals.map((literal) => literal.replace(/'::[\w ."]+$/, "'"));
  return bare.every((literal) => /^('(?:[^']|'')*'|-?[\d.]+|true|false)$/.test(literal)) ? bare : null;
}

/** The server folds what it can into one literal: `'{de,"fr, be"}'::text[]`. Of the key's own type alone, which runs no code. */
async function readArray(sql: Sql, text: string, keyType: string): Promise<string[] | null> {
  const items = /^ARRAY\[(.*)\]$/s.exec(text)?.[1];
  if (items !== undefined) return listed(splitByCommas(items));
  const folded = /^('(?:[^']|'')*')::(.+)\[\]$/s.exec(text);
  if (!folded || folded[2] !== keyType) return null;
  const rows = await sql.unsafe<{ value: string }[]>(
    `select value::text as value from unnest(${folded[1]}::${keyType}[]) as value`,
  );
  return rows.map(({ value }) => quoteText(value));
}

/** Values as a person gave them, as the server understands them. @throws AppError BAD_INPUT for what is no value of the key */
export async function readValues(sql: Sql, given: readonly string[], { keyType }: Cut): Promise<string[]> {
  const asked = sql.unsafe<{ text: string }[]>(
    `select distinct value::text as text from (values ${given.map((text) => `(${quoteText(text)}::${keyType})`).join(", ")}) as given (value) order by 1`,
  );
  const rows = await asked.catch((thrown: unknown) => {
    throw new AppError("BAD_INPUT", `The values are none of the key, which is a ${keyType}.`, {
      cause: thrown,
    });
  });
  return rows.map(({ text }) => quoteText(text));
}

/** A partition that holds one of these values already; null where none does. */
export async function findHolder(
  sql: Sql,
  values: readonly string[],
  { partitions, keyType }: Cut,
): Promise<string | null> {
  for (const partition of partitions) {
    const parsed = partition.bounds === null ? null : parseBounds(partition.bounds);
    const theirs = parsed?.kind === "list" ? parsed.values.filter((value) => value !== null) : [];
    if (theirs.length === 0) continue;
    const typed = (literals: readonly string[]) =>
      literals.map((literal) => `${literal}::${keyType}`).join(", ");
    const [row] = await sql.unsafe<{ holds: boolean }[]>(
      `select array[${typed(values)}] && array[${typed(theirs.map(quoteText))}] as holds`,
    );
    if (row?.holds) return quoteQualified(partition.schema, partition.name);
  }
  return null;
}

/** What rows with these values satisfy. */
export function conditionOfValues({ values, said }: ListValues, { key, keyType, condition }: Cut): string {
  const [column = ""] = key;
  const typed = values.map((literal) => `${literal}::${keyType}`);
  const is = typed.length === 1 ? `${column} = ${typed[0]}` : `${column} = ANY (ARRAY[${typed.join(", ")}])`;
  const parts = [...(condition === null ? [] : [condition]), `(${column} IS NOT NULL)`, `(${said ?? is})`];
  return `(${parts.join(" AND ")})`;
}
