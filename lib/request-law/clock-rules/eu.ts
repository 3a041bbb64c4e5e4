import type { ClockRule } from "./rule.ts";

/**
 * GDPR Art. 12(3) with Regulation 1182/71. It stands while identity proof (Art. 12(6)) or a clarification (Recital 63, EDPB
 * guidelines 01/2022 no. 157 to 159) is outstanding. The extension counts from receipt too, not from when it was told.
 */
export const euRule: ClockRule = {
  law: "Art. 12(3) GDPR, Regulation (EEC, Euratom) 1182/71",
  period: { months: 1 },
  extended: { months: 3 },
  pauses: ["identity", "clarification"],
  begins: [],
  rolls: true,
  acknowledgeWorkingDays: null,
};
