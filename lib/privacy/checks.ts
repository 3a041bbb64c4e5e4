import type { Check } from "../check.ts";
import { lateErasure, stalledErasure } from "./erasure/check-erasures.ts";
import { ledgerBehind, receiptUndelivered, receiptUntrusted } from "./ledger/check-ledger.ts";
import { waitingHold } from "./holds/check-waiting-holds.ts";

export const privacyChecks: readonly Check[] = [
  lateErasure,
  stalledErasure,
  waitingHold,
  ledgerBehind,
  receiptUndelivered,
  receiptUntrusted,
];
