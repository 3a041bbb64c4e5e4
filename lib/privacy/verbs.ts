import { placeHold } from "./place-hold.ts";
import { redactValues } from "./redact-values.ts";
import { releaseHold } from "./release-hold.ts";
import { replayLedger } from "./replay-ledger.ts";
import { rotateMasterKey } from "./rotate-master-key.ts";
import { rotateSigningKey } from "./rotate-signing-key.ts";
import { subjectVerbs } from "./subject-verbs.ts";
import { trustReceiptKey } from "./trust-receipt-key.ts";

export const privacyVerbs = {
  ...subjectVerbs,
  placeHold,
  redactValues,
  releaseHold,
  replayLedger,
  rotateMasterKey,
  rotateSigningKey,
  trustReceiptKey,
};
