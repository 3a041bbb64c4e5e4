import { LRUCache } from "lru-cache";
import { inTurns } from "../in-turns.ts";
import { type SqlToken, sqlTokens } from "../sql-tokens.ts";

/** A name has at most 63 bytes and two quotes. What is longer is none and stays as it is, so that one takes bounded time. */
const longestName = 80;
/** Names of partitions stand in front; what comes behind tells statements apart as it is. */
const longestShaped = 4_000;
/**
 * `_2024_03`, `_p20240301`, `_y2024m03d01`, `_2024w05`, `_2024_01_to_2024_02` at the end of a name: four digits or more.
 * A run of digits is always taken whole: divided freely, 27 of them took 4.9 s.
 */
const dateSuffix = /(?<=[a-z0-9]_)(?=(?:[a-z_]*\d){4})(?:(?:to_?|[pymdqwh])?\d+(?!\d)_?)+(?!\w)/gi;
const shortNumber = /^(.+_p?)\d{1,3}$/;
const beforeTable = /^(?:from|join|into|update|only|using)$/i;

/**
 * The text with what tells one partition from another replaced by `*`, so that the same question to each
 * partition reads as one. Short numbers (`shard_17`) count only in names that stand where a table stands. Of a long
 * text the first 4,000 characters are read.
 */
export function statementShape(text: string): string {
  const tokens = [...sqlTokens(text.slice(0, longestShaped))].map(({ kind, text: piece }) => ({
    kind,
    text: kind === "comment" ? " " : withoutDate(piece),
  }));
  const tables = tableStems(tokens.filter(({ kind }) => kind !== "space" && kind !== "comment"));
  const shape = tokens.map(({ text: piece }) => tables.get(piece) ?? piece).join("");
  return (shape.replace(/\s+/g, " ") + text.slice(longestShaped)).trim();
}

function withoutDate(piece: string): string {
  return piece.length > longestName ? piece : piece.replace(dateSuffix, "*");
}

/** Names of tables that end in a short number, and what stands for them. */
function tableStems(tokens: readonly Pick<SqlToken, "kind" | "text">[]): Map<string, string> {
  const stems = new Map<string, string>();
  tokens.forEach(({ text }, i) => {
    if (!beforeTable.test(text)) return;
    const at = tokens[i + 2]?.text === "." ? i + 3 : i + 1;
    const name = (tokens[at]?.text ?? "").replaceAll('"', "");
    const stem = name.length <= longestName ? shortNumber.exec(name)?.[1] : undefined;
    if (!stem) return;
    stems.set(name, `${stem}*`);
    stems.set(`"${name}"`, `"${stem}*"`);
  });
  return stems;
}

/** By text: lists ask for the same ones again and again. */
const known = new LRUCache<string, string>({
  maxSize: 8_000_000,
  sizeCalculation: (shape, text) => text.length + shape.length + 1,
});

/** The shapes of texts, by text; others get their turn in between. */
export async function shapesOf(texts: Iterable<string>): Promise<Map<string, string>> {
  const shapes = new Map<string, string>();
  for await (const text of inTurns(texts)) {
    const shape = known.get(text) ?? statementShape(text);
    known.set(text, shape);
    shapes.set(text, shape);
  }
  return shapes;
}
