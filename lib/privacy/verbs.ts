import { placeHold } from "./holds/place-hold.ts";
import { redactValues } from "./redaction/redact-values.ts";
import { releaseHold } from "./holds/release-hold.ts";
import { replayLedger } from "./ledger/replay-ledger.ts";
import { rotateMasterKey } from "./keys/rotate-master-key.ts";
import { rotateSigningKey } from "./keys/rotate-signing-key.ts";
import { subjectVerbs } from "./subject/subject-verbs.ts";
import { trustReceiptKey } from "./ledger/trust-receipt-key.ts";

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
