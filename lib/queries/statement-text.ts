import { sqlTokens } from "../sql-tokens.ts";

/** One line, comments and repeated spaces gone, at most `maxLength` characters. Reads no further than that takes. */
export function oneLine(text: string, maxLength = 400): string {
  const pieces: string[] = [];
  let length = 0;
  for (const { kind, text: piece } of sqlTokens(text)) {
    const gap = kind === "space" || kind === "comment";
    const shown = gap ? " " : piece.slice(0, 4 * maxLength);
    pieces.push(shown);
    if (!gap) length += shown.length;
    if (length > maxLength) break;
  }
  const line = pieces.join("").replace(/\s+/g, " ").trim();
  return line.length > maxLength ? `${line.slice(0, maxLength - 1)}…` : line;
}

/** Comments outside literals and quoted identifiers removed. */
export function withoutComments(text: string): string {
  let rest = "";
  for (const { kind, text: piece } of sqlTokens(text)) rest += kind === "comment" ? " " : piece;
  return rest;
}

/** Whether a text holds this operator outside of literals, identifiers and comments. */
export function hasOperator(text: string, operator: string): boolean {
  for (const token of sqlTokens(text)) if (token.kind === "operator" && token.text === operator) return true;
  return false;
}
