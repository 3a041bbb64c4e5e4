import type { CheckObject, CheckUnit, Limits, Mend } from "../check.ts";
import type { Unavailable } from "../result.ts";

/** `notice` also stands for a check that could not run: that is never the same as "OK". */
export type FindingSeverity = "critical" | "warning" | "notice";

/** What a check says about one object, or about several at once, in words a person can act on. */
export interface Finding {
  /** The check, and the object where each is told by itself: the same for as long as the condition lasts. */
  key: string;
  /** Id of the check, e.g. `connections.blockers`. */
  check: string;
  severity: FindingSeverity;
  /** One plain sentence with the figures in it. */
  title: string;
  /** What it means and what to do about it. */
  detail: string;
  /** What mends it (of several: the worst), where one of the verbs does. */
  mends?: Mend;
  /** What it is about; the worst of them when it tells of several. */
  object: CheckObject;
  /** How many objects it tells of. */
  objects: number;
  /** The (worst) object's value, in the check's unit. */
  value: number | null;
  unit: CheckUnit | null;
  threshold: Limits | null;
  /** When the state began. */
  since?: Date;
  /** Page of the target that shows it, e.g. `connections`, `queries/123` or `events?view=quarantine`. */
  path: string;
  /** Set when the check could not run: why, and what would enable it. */
  unavailable?: Unavailable;
}

const order: Record<FindingSeverity, number> = { critical: 0, warning: 1, notice: 2 };

/** Critical first, then warnings, then notices; checks that could not run last; longest-standing first among equals. */
export function worstFirst(findings: readonly Finding[]): Finding[] {
  const time = (finding: Finding) => finding.since?.getTime() ?? Number.POSITIVE_INFINITY;
  const rank = (finding: Finding) => order[finding.severity] + (finding.unavailable ? 3 : 0);
  return findings.toSorted((a, b) => {
    const byRank = rank(a) - rank(b);
    if (byRank !== 0) return byRank;
    const [timeA, timeB] = [time(a), time(b)];
    return timeA === timeB ? 0 : timeA - timeB;
  });
}
