import { findInText } from "./redact/find-in-text.ts";
import { findValues, type Piece } from "./redact/find-values.ts";
import { literalValue } from "./redact/literal-value.ts";
import { type Hidden, hide } from "./redact/ranges.ts";
import { asksForSecret, endsBeforeSecret, suspicious } from "./redact/secret-names.ts";
import { type Backslashes, sqlTokens } from "./sql-tokens.ts";

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
  const replace = ({ at, text: whole }: Piece, by: string) => {
    if (by !== whole) hidden.push({ from: at, to: at + whole.length, by });
  };
  for (const token of sqlTokens(text, backslashes)) {
    const piece: Piece = token;
    if (token.kind === "comment")
      replace(piece, token.text.slice(0, 2) + redactText(token.text.slice(2), depth));
    if (token.kind === "literal") {
      const { shown, value } = redactLiteral(token.text, backslashes, depth);
      replace(piece, shown);
      piece.before = endsBeforeSecret(value);
      piece.asksFor = asksForSecret(value);
    }
    if (token.kind !== "comment" && token.kind !== "space") pieces.push(piece);
  }
  for (const piece of findValues(pieces)) replace(piece, hiddenLiteral);
  return hidden;
}

function redactLiteral(
  text: string,
  backslashes: Backslashes,
  depth: number,
): { shown: string; value: string } {
  if (text.startsWith("$")) {
    const tag = text.slice(0, text.indexOf("$", 1) + 1);
    const end = text.length - (text.endsWith(tag) && text.length >= 2 * tag.length ? tag.length : 0);
    const value = text.slice(tag.length, end);
    return { shown: tag + redactText(value, depth) + text.slice(end), value };
  }
  const value = literalValue(text, backslashes);
  const redacted = redactText(value, depth);
  return { shown: redacted === value ? text : `'${redacted.replaceAll("'", "''")}'`, value };
}

/** What stands in a literal or a comment may be anything, also SQL. */
function redactText(text: string, depth: number): string {
  if (!suspicious.test(text)) return text;
  if (depth >= deepest) return "…";
  return hide(text, [...findInText(text), ...findInStatement(text, depth + 1)]);
}
