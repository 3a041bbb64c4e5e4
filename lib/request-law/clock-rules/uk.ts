import type { ClockRule } from "./rule.ts";

/**
 * UK GDPR Art. 12A: from the latest of receipt, proof of identity and fee, to the corresponding day of the next month, as the
 * ICO counts; a clarification stops the clock.
 */
export const ukRule: ClockRule = {
  law: "Art. 12A UK GDPR, guidance of the ICO",
  period: { months: 1 },
  extended: { months: 3 },
  pauses: ["clarification"],
  begins: ["identity", "fee"],
  rolls: true,
  acknowledgeWorkingDays: null,
};
