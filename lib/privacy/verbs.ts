import { placeHold } from "./holds/place-hold.ts";
import { releaseHold } from "./holds/release-hold.ts";
import { rotateMasterKey } from "./keys/rotate-master-key.ts";
import { rotateSigningKey } from "./keys/rotate-signing-key.ts";
import { replayLedger } from "./ledger/replay-ledger.ts";
import { trustReceiptKey } from "./ledger/trust-receipt-key.ts";
import { redactValues } from "./redaction/redact-values.ts";
import { subjectVerbs } from "./subject/subject-verbs.ts";

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
