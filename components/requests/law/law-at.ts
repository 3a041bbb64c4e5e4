import type { LawRow } from "@/lib/request-law/law.ts";
import type { RequestSummary } from "@/lib/requests/types.ts";

/** What the law says of a request where it stands; of the UK GDPR the articles have the same numbers. */
export function lawAt(
  rows: readonly LawRow[],
  { kind, regime, state }: Pick<RequestSummary, "kind" | "regime" | "state">,
): LawRow[] {
  const now = rows.filter(
    ({ kinds, regimes, states }) =>
      regimes.includes(regime) && states.includes(state) && (kinds === null || kinds.includes(kind)),
  );
  return regime === "uk" ? now.map((row) => ({ ...row, law: ofUk(row.law) })) : now;
}

const ofUk = (law: string) => law.replace(/(?<!UK )GDPR/, "UK GDPR");
