import type { Check } from "../check.ts";
import { createAcknowledgeVerb } from "./acknowledge-incident.ts";
import { assignIncident } from "./assign-incident.ts";
import { closeIncident } from "./close-incident.ts";
import { commentOnIncident } from "./comment-on-incident.ts";
import { createSnoozeVerb } from "./snooze-incident.ts";
import { unacknowledgeIncident } from "./unacknowledge-incident.ts";

/** What people do to incidents; `checks` says which of them are guarded. */
export const createAlertsVerbs = (checks: readonly Check[]) => ({
  acknowledgeIncident: createAcknowledgeVerb(checks),
  assignIncident,
  closeIncident,
  commentOnIncident,
  snoozeIncident: createSnoozeVerb(checks),
  unacknowledgeIncident,
});
