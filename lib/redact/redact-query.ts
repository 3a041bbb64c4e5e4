import { type Backslashes, sqlTokens } from "../sql-tokens.ts";
import { findInText } from "./find-in-text.ts";
import { findValues, type Piece } from "./find-values.ts";
import { literalValue } from "./literal-value.ts";
import { type Hidden, hide } from "./ranges.ts";
import { asksForSecret, endsBeforeSecret, suspicious } from "./secret-names.ts";

/** What is read of a text at most; 30 ms. */
const longestRead = 100_000;
/** Texts within texts: DO's body, a statement that it executes, a connection string in that. */
const deepest = 3;
/** A literal that may go on behind a line feed, where a word could be divided. */
const inParts = /'\s*(?:--|')/;
const hiddenLiteral = "'…'";

/**
 * A statement's text as it may be shown: passwords, keys and tokens are replaced by `…` in literals of any form, in parts
 * or cut off by the server, in connection strings, URLs and JSON, and in SQL within literals; then it is cut to
 * `maxLength` UTF-16 units. Where a backslash may be read in two ways, what is secret in either is hidden.
 */
export function redactQuery(text: string, maxLength = 1_000): string {
  const read = text.slice(0, longestRead);
  const redacted = suspicious.test(read) || inParts.test(read) ? hide(read, findInStatement(read, 0)) : read;
  return redacted.length > maxLength ? `${redacted.slice(0, maxLength - 1)}…` : redacted;
}

function findInStatement(text: string, depth: number): Hidden[] {
  const hidden = findHidden(text, "plain", depth);
  return text.includes("\\'") ? [...hidden, ...findHidden(text, "escapes", depth)] : hidden;
}

function findHidden(text: string, backslashes: Backslashes, depth: number): Hidden[] {
  const pieces: Piece[] = [];
  const hidden: Hidden[] = [];
  for (const token of sqlTokens(text, backslashes)) {
    const piece: Piece = token;
    if (token.kind === "comment")
      hidden.push(...moved(findInValue(token.text.slice(2), depth), token.at + 2));
    if (token.kind === "identifier")
      hidden.push(...moved(findInText(token.text.replace(/"$/, "")), token.at));
    if (token.kind === "literal") {
      const { value, found } = readLiteral(token.text, backslashes, depth);
      hidden.push(...moved(found, token.at));
      piece.before = endsBeforeSecret(value);
      piece.asksFor = asksForSecret(value);
    }
    if (token.kind !== "comment" && token.kind !== "space") pieces.push(piece);
  }
  for (const { at, text: value } of findValues(pieces))
    hidden.push({ from: at, to: at + value.length, by: hiddenLiteral });
  return hidden;
}

const moved = (hidden: readonly Hidden[], by: number): Hidden[] =>
  hidden.map((one) => ({ ...one, from: one.from + by, to: one.to + by }));

/** A literal's value, and what is secret in it; where it is written in another way than it reads, written anew. */
function readLiteral(
  text: string,
  backslashes: Backslashes,
  depth: number,
): { value: string; found: Hidden[] } {
  const tag = text.startsWith("$") ? text.slice(0, text.indexOf("$", 1) + 1) : "";
  const begin = tag.length || text.indexOf("'") + 1;
  const end = tag && text.length >= 2 * tag.length && text.endsWith(tag) ? -tag.length : undefined;
  const value = tag ? text.slice(begin, end) : literalValue(text, backslashes);
  const found = findInValue(value, depth);
  if (found.length === 0 || text.startsWith(value, begin)) return { value, found: moved(found, begin) };
  const by = `'${hide(value, found).replaceAll("'", "''")}'`;
  return { value, found: [{ from: 0, to: text.length, by }] };
}

/** What stands in a literal or a comment may be anything, also SQL. */
function findInValue(text: string, depth: number): Hidden[] {
  if (!suspicious.test(text)) return [];
  if (depth >= deepest) return [{ from: 0, to: text.length, by: "…" }];
  return [...findInText(text), ...findInStatement(text, depth + 1)];
}
