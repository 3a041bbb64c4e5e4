import { sqlTokens } from "../sql-tokens.ts";

/** Work that is slow by nature; a long one shows among the connections. */
const maintenance = new Set(
  "vacuum analyze reindex cluster create alter drop refresh copy explain checkpoint call do".split(" "),
);
const sleeps = new Set(["pg_sleep", "pg_sleep_for", "pg_sleep_until"]);

/** Whether a statement's time says nothing about the work of the database: maintenance, copies, and sleeping on purpose. */
export function isLeftOut(text: string | null): boolean {
  let first = true;
  for (const { kind, text: piece } of sqlTokens(text ?? "")) {
    if (kind === "space" || kind === "comment") continue;
    const word = piece.toLowerCase();
    if (first && maintenance.has(word)) return true;
    first = false;
    if (kind === "word" && sleeps.has(word)) return true;
  }
  return false;
}
