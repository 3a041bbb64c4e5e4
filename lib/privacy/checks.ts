import type { Check } from "../check.ts";
import { lateErasure, stalledErasure } from "./check-erasures.ts";
import { ledgerBehind, receiptUndelivered, receiptUntrusted } from "./check-ledger.ts";
import { waitingHold } from "./check-waiting-holds.ts";

export const privacyChecks: readonly Check[] = [
  lateErasure,
  stalledErasure,
  waitingHold,
  ledgerBehind,
  receiptUndelivered,
  receiptUntrusted,
];
