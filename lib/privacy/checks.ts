import type { Check } from "../check.ts";
import { lateErasure, stalledErasure } from "./erasure/check-erasures.ts";
import { waitingHold } from "./holds/check-waiting-holds.ts";
import { ledgerBehind, receiptUndelivered, receiptUntrusted } from "./ledger/check-ledger.ts";

export const privacyChecks: readonly Check[] = [
  lateErasure,
  stalledErasure,
  waitingHold,
  ledgerBehind,
  receiptUndelivered,
  receiptUntrusted,
];
