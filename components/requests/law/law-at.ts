import type { LawRow } from "@/lib/request-law/law.ts";
import type { RequestSummary } from "@/lib/requests/types.ts";

/** What the law says of a request where it stands. */
export function lawAt(
  rows: readonly LawRow[],
  { kind, regime, state }: Pick<RequestSummary, "kind" | "regime" | "state">,
): LawRow[] {
  return rows.filter(
    ({ kinds, regimes, states }) =>
      regimes.includes(regime) && states.includes(state) && (kinds === null || kinds.includes(kind)),
  );
}
