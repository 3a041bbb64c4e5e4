/** Where a request stands. The last four are aside of the way from receipt to certificate. */
export const requestStates = [
  "received",
  "identity_pending",
  "verified",
  "scoping",
  "decision_pending",
  "approved",
  "partly_refused",
  "refused",
  "executing",
  "verifying",
  "responding",
  "closed",
  "blocked_by_hold",
  "failed",
  "duplicate",
  "withdrawn",
] as const;
export type RequestState = (typeof requestStates)[number];

/** From which nothing goes on. */
export const endStates = ["closed", "duplicate", "withdrawn"] as const satisfies readonly RequestState[];

export function isEnd(state: RequestState): boolean {
  return (endStates as readonly RequestState[]).includes(state);
}

/** In which there is something that the person must be told by letter, why it waits among it (Art. 12(3), (4) GDPR). */
export const letterStates: readonly RequestState[] = ["blocked_by_hold", "refused", "responding", "closed"];

export const stateNames: Record<RequestState, string> = {
  received: "Received",
  identity_pending: "Waiting for proof of identity",
  verified: "Identity confirmed",
  scoping: "Counting what there is",
  decision_pending: "Waiting for a decision",
  approved: "Approved",
  partly_refused: "Granted in part",
  refused: "Refused",
  executing: "Being carried out",
  verifying: "Being verified",
  responding: "Waiting for the answer to be sent",
  closed: "Closed",
  blocked_by_hold: "Held by a legal hold",
  failed: "Stopped by an error",
  duplicate: "Duplicate",
  withdrawn: "Withdrawn",
};
