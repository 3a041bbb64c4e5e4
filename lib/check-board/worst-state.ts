import type { Check, CheckState } from "../check.ts";
import type { Ranking } from "../evaluation/stored-checks.ts";

/** Best first. What is known to be bad comes before what is not known, and that before what is fine. */
export const statesByRank = [
  "ok",
  "notice",
  "unavailable",
  "no_data",
  "error",
  "warning",
  "critical",
] as const satisfies readonly CheckState[];

/** 0 for the best; what `audit_db_check_state` counts in. */
export function rankOf(state: CheckState): number {
  return statesByRank.indexOf(state);
}

/** The worst of some states; null for none. */
export function worstState(states: readonly CheckState[]): CheckState | null {
  return states.reduce<CheckState | null>(
    (worst, state) => (worst === null || rankOf(state) > rankOf(worst) ? state : worst),
    null,
  );
}

/** What is worse, for what is read of these checks. */
export function rankingOf(checks: readonly Check[]): Ranking {
  const falling = checks.filter(({ thresholds }) => thresholds?.direction === "falling").map(({ id }) => id);
  return { states: statesByRank, falling };
}
