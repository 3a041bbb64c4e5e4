import type { ServerWords } from "../sql-state.ts";

/** The server's own words in one paragraph: answers carry them only for roles that may see them. */
export function serverSaid({ sqlState, message, detail, hint }: ServerWords): string {
  return `The server said: ${[message, detail, hint].filter(Boolean).join(" · ")} (SQLSTATE ${sqlState})`;
}
