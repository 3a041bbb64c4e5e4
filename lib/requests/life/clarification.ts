import { askFor, recordOf } from "./awaited.ts";

const words = "a clarification";

/** What exactly is meant was asked, since there is much (Recital 63 GDPR). */
export const askClarification = askFor({
  ...{ name: "request.ask_clarification", kind: "clarification", event: "clarification_asked", words },
});

export const recordClarification = recordOf({
  ...{ name: "request.record_clarification", kind: "clarification", event: "clarification_given", words },
});
