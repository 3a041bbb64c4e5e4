import { sqlTokens } from "../sql-tokens.ts";

/** One line, comments and repeated spaces gone, at most `maxLength` characters. Reads no further than that takes. */
export function oneLine(text: string, maxLength = 400): string {
  let line = "";
  for (const { kind, text: piece } of sqlTokens(text)) {
    const gap = kind === "space" || kind === "comment";
    if (!gap) line += piece.slice(0, 4 * maxLength).replace(/\s+/g, " ");
    else if (!line.endsWith(" ")) line += " ";
    if (line.length > maxLength + 2) break;
  }
  line = line.trim();
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
