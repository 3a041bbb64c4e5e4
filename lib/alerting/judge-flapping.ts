/**
 * An incident flaps once it fired or resolved four times within an hour, and steadies once neither happened for twenty
 * minutes: ten less than after which the machine closes it, so that its end is told first.
 *
 * A simulated week of evaluations each 30 s (`for` 1 min, `keep firing for` 2 min, means of 20), messages without and
 * with it: a figure on its limit with quick noise 1,098 and 168, bad for 5 min of every 15 1,344 and 4, an outage a day in
 * three pieces 42 and 35; one outage a day (14), a job that is bad once an hour (336) and a healthy figure are told as
 * before. Five changes told 191 of the first, ten minutes 475; thirty told 59, but only when the machine closes it.
 */
export const flappingChanges = 4;
export const flappingWithinMs = 60 * 60_000;
export const steadyAfterMs = 20 * 60_000;

export interface FlappingFacts {
  /** Whether it flaps as far as it was written down. */
  flapping: boolean;
  /** When it fired and when it resolved, within the last hour at least, in any order. */
  changes: readonly Date[];
}

/** What becomes of an incident's flapping now; null: nothing. */
export function judgeFlapping({ flapping, changes }: FlappingFacts, now: Date): "begins" | "ends" | null {
  const since = (ms: number) => changes.filter((at) => now.getTime() - at.getTime() < ms).length;
  const steady = since(steadyAfterMs) === 0;
  if (flapping) return steady ? "ends" : null;
  return !steady && since(flappingWithinMs) >= flappingChanges ? "begins" : null;
}

/** The condition that people are told: one that flaps is over only once it stayed normal for a steady time. */
export function toldCondition<Condition extends "firing" | "normal">(incident: {
  condition: Condition;
  flapping: boolean;
}): Condition | "firing" {
  return incident.flapping ? "firing" : incident.condition;
}
