import type { ClockInterval } from "../clock.ts";

export type Period = { months: number } | { days: number };

/** How one regime counts the time for an answer. */
export interface ClockRule {
  /** What says so. */
  law: string;
  /** From the day it begins with, which does not count itself. */
  period: Period;
  /** In all, from the same day, once it is extended. */
  extended: Period;
  /** What it stands still for: each whole day of it is added. */
  pauses: readonly ClockInterval["kind"][];
  /** What it begins with, where that comes after receipt; it has not begun while that is awaited. */
  begins: readonly ClockInterval["kind"][];
  /** Whether the last day moves to the next working day from a Saturday, a Sunday or a public holiday. */
  rolls: boolean;
  /** Working days within which receipt is to be acknowledged. */
  acknowledgeWorkingDays: number | null;
}
