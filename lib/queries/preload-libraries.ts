import { quoteText } from "../quote-sql.ts";

/**
 * `shared_preload_libraries` with pg_stat_statements added, as ALTER SYSTEM takes it: each library is a literal of its
 * own, for one literal with a comma would name one library.
 */
export function addToPreloadLibraries(current: string): string {
  const others = current
    .split(",")
    .map((library) => library.trim().replace(/^"|"$/g, ""))
    .filter((library) => library !== "" && library !== "pg_stat_statements");
  return [...others, "pg_stat_statements"].map((library) => quoteText(library)).join(", ");
}
