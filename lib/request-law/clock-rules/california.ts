import type { ClockRule } from "./rule.ts";

/**
 * California: 45 calendar days from receipt, however long verifying takes, once 45 more. The last day does not move: what is
 * early is never late.
 */
export const californiaRule: ClockRule = {
  law: "Cal. Civ. Code § 1798.130(a)(2), 11 CCR § 7021",
  period: { days: 45 },
  extended: { days: 90 },
  pauses: [],
  begins: [],
  rolls: false,
  acknowledgeWorkingDays: 10,
};
