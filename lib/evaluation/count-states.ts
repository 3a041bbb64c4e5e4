import type { CheckState } from "../check.ts";

/** Objects by how they stand; `unknown` are those that could not be looked at. */
export interface CountedStates {
  critical: number;
  warning: number;
  notice: number;
  unknown: number;
  ok: number;
}

const of: Record<CheckState, keyof CountedStates> = {
  critical: "critical",
  warning: "warning",
  notice: "notice",
  no_data: "unknown",
  error: "unknown",
  unavailable: "unknown",
  ok: "ok",
};

export function countStates(states: readonly { state: CheckState }[]): CountedStates {
  const counts: CountedStates = { critical: 0, warning: 0, notice: 0, unknown: 0, ok: 0 };
  for (const { state } of states) counts[of[state]] += 1;
  return counts;
}
