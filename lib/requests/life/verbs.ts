import { acknowledgeRequest } from "./acknowledge-request.ts";
import { addRequestFile } from "./add-request-file.ts";
import { addRequestNote } from "./add-request-note.ts";
import { askIdentity } from "./ask-identity.ts";
import { askClarification, recordClarification } from "./clarification.ts";
import { closeRequest } from "./close-request.ts";
import { extendRequest } from "./extend-request.ts";
import { askFee, recordFee } from "./fee.ts";
import { linkDuplicate } from "./link-duplicate.ts";
import { recordIdentity } from "./record-identity.ts";
import { recordResponse } from "./record-response.ts";
import { recordWithdrawal } from "./record-withdrawal.ts";

/** What happens to a request between receipt and its end, but for scope, decision and execution. */
export const lifeVerbs = {
  acknowledgeRequest,
  addRequestFile,
  addRequestNote,
  askClarification,
  askFee,
  askIdentity,
  closeRequest,
  extendRequest,
  linkDuplicate,
  recordClarification,
  recordFee,
  recordIdentity,
  recordResponse,
  // `withdrawRequest` takes back a request for approval.
  recordWithdrawal,
};
