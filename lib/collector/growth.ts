/** A sample's counters, as far as telling growth from a reset needs. */
export interface CounterSample {
  /** Slot, epoch milliseconds. */
  slot: number;
  /** When it was really taken, epoch milliseconds. */
  at: number;
  /** Since when the counters count (stats_reset), epoch milliseconds. */
  countsSince: number | null;
}

/**
 * Seconds between two samples over which growth can be told, or null: not consecutive slots,
 * or the counters began anew in between.
 */
export function coveredSeconds(
  before: CounterSample | undefined,
  after: CounterSample,
  everySeconds: number,
): number | null {
  if (!before || after.slot - before.slot !== everySeconds * 1_000) return null;
  if (wasReset(before.countsSince, after.countsSince)) return null;
  const seconds = (after.at - before.at) / 1_000;
  return seconds > 0 ? seconds : null;
}

/** Whether `stats_reset` moved. Becoming known is no reset: some views answer null until their first one. */
export function wasReset(before: number | null, after: number | null): boolean {
  return before !== null && after !== null && after !== before;
}

/** Growth of a counter, null when it fell (reset) or either end is missing. */
export function growth(before: number | null | undefined, after: number | null | undefined): number | null {
  if (before === null || before === undefined || after === null || after === undefined) return null;
  return after >= before ? after - before : null;
}
