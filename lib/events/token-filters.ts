import type { AuditDb } from "../audit-db/types.ts";
import type { TokenFilters } from "../audit-log/event-conditions.ts";
import type { EventFilters } from "../audit-log/event-filters.ts";

/**
 * Filters with what the log calls the people whose ids they name, through the blind index: a token for each policy. A text
 * that is nobody's id stays as it is. With whose rows are not shown now.
 */
export async function tokenFilters<Filters extends EventFilters>(
  audit: Pick<AuditDb, "vault" | "target" | "restrictedTokens">,
  filters: Filters,
): Promise<Filters & TokenFilters> {
  const { actor, target } = filters;
  const restricted = await audit.restrictedTokens();
  const ids = [actor, target].filter((id) => id !== undefined);
  if (ids.length === 0 || !audit.vault) return { ...filters, restricted };
  const tokens = await audit.vault.tokensOf(ids, audit.target);
  const tokensOf = (id: string | undefined) => (id === undefined ? [] : (tokens[ids.indexOf(id)] ?? []));
  const [actorTokens, targetTokens] = [tokensOf(actor), tokensOf(target)];
  return {
    ...filters,
    restricted,
    ...(actorTokens.length > 0 && { actorTokens }),
    ...(targetTokens.length > 0 && { targetTokens }),
  };
}
