import type { CheckState } from "@/lib/check.ts";
import type { CheckBoard, CheckDefinition, CheckStanding } from "@/lib/check-board/types.ts";

/** A check on a target, as the table shows it. */
export interface CheckRow {
  /** Target and check, as the address has them. */
  key: string;
  check: CheckDefinition;
  standing: CheckStanding;
}

export interface CheckFilter {
  state: CheckState | null;
  target: string | null;
  topic: string | null;
}

/** Worst first: what is known to be bad before what is not known, and that before what is fine. */
export const shownStates = [
  "critical",
  "warning",
  "error",
  "no_data",
  "unavailable",
  "notice",
  "ok",
] as const satisfies readonly CheckState[];

/** Every check on every target, in the order of the list of checks. */
export function checkRows({ checks, standings }: CheckBoard): CheckRow[] {
  const known = new Map(checks.map((check) => [check.id, check]));
  return standings.flatMap((standing) => {
    const check = known.get(standing.check);
    return check ? [{ key: rowKey(standing.target, check.id), check, standing }] : [];
  });
}

export function rowKey(target: string, check: string): string {
  return `${target}/${check}`;
}

/** The rows of a target and topic, whatever their state: what the counts of states count. */
export function rowsInScope(rows: readonly CheckRow[], { target, topic }: CheckFilter): CheckRow[] {
  return rows.filter(
    ({ check, standing }) =>
      (target === null || standing.target === target) && (topic === null || check.topic === topic),
  );
}

export function rowsOfState(rows: readonly CheckRow[], { state }: CheckFilter): CheckRow[] {
  return state === null ? [...rows] : rows.filter(({ standing }) => standing.state === state);
}

export function countByState(rows: readonly CheckRow[]): Map<CheckState, number> {
  const counts = new Map<CheckState, number>();
  for (const { standing } of rows) counts.set(standing.state, (counts.get(standing.state) ?? 0) + 1);
  return counts;
}

function stateRank(state: CheckState): number {
  return shownStates.length - shownStates.indexOf(state);
}

/** What nobody configured lies below what is fine: there is nothing to do about it. */
export function standingRank({ state, worst }: Pick<CheckStanding, "state" | "worst">): number {
  return state === "unavailable" && worst?.unavailable?.code === "not_configured" ? 0 : stateRank(state);
}
