import { writeLetter } from "./answer/write-letter.ts";
import { setController } from "./controllers/set-controller.ts";
import { importRequests } from "./csv/import-requests.ts";
import { decideRequest } from "./decision/decide-request.ts";
import { erasureVerbs } from "./erasure/verbs.ts";
import { openRequest } from "./intake/open-request.ts";
import { lifeVerbs } from "./life/verbs.ts";
import { packageVerbs } from "./package/verbs.ts";
import { scanVerbs } from "./scan/verbs.ts";
import { scopeVerbs } from "./scope/verbs.ts";
import { viewRequestPerson } from "./view-request-person.ts";
import { removeIntakeSource, saveIntakeSource } from "./webhook/save-intake-source.ts";

export const requestsVerbs = {
  ...erasureVerbs,
  ...lifeVerbs,
  ...packageVerbs,
  ...scanVerbs,
  ...scopeVerbs,
  openRequest,
  importRequests,
  decideRequest,
  viewRequestPerson,
  setController,
  saveIntakeSource,
  removeIntakeSource,
  writeLetter,
};
