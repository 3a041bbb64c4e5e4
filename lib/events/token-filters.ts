import type { AuditDb } from "../audit-db/types.ts";
import type { TokenFilters } from "../audit-log/event-conditions.ts";
import type { EventFilters } from "../audit-log/event-filters.ts";

/** Filters with people's ids replaced by what the log calls them, through the blind index; a text that is nobody's id stays as it is. */
export async function tokenFilters<Filters extends EventFilters>(
  audit: Pick<AuditDb, "vault">,
  filters: Filters,
): Promise<Filters & TokenFilters> {
  const { actor, target } = filters;
  const ids = [actor, target].filter((id) => id !== undefined);
  if (ids.length === 0 || !audit.vault) return filters;
  const tokens = await audit.vault.tokensOf(ids);
  const tokenOf = (id: string | undefined) => (id === undefined ? undefined : tokens[ids.indexOf(id)]);
  return {
    ...filters,
    actor: tokenOf(actor) ?? actor,
    target: tokenOf(target) ?? target,
    targetIsPerson: Boolean(tokenOf(target)),
  };
}
