/** Start of the slot of `seconds` that holds a moment, in epoch milliseconds; slots are aligned to the clock in UTC. */
export function slotOf(epochMs: number, seconds: number): number {
  return Math.floor(epochMs / (seconds * 1_000)) * seconds * 1_000;
}
