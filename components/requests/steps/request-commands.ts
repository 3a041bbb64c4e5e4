import { isEnd, type RequestState } from "@/lib/request-law/states.ts";
import type { RequestDetail } from "@/lib/requests/get-request.ts";

/** What somebody may do to a request, by the verb that does it; `refuseWhole` is a decision of its own. */
export const commandTitles = {
  askIdentity: "Ask for proof of identity",
  recordIdentity: "Record the identity check",
  askClarification: "Ask what they mean",
  recordClarification: "Record what they clarified",
  askFee: "Ask for a fee",
  recordFee: "Record that the fee was paid",
  extendRequest: "Extend once",
  acknowledgeRequest: "Record the acknowledgement",
  scopeRequest: "Count what there is",
  decideRequest: "Decide",
  refuseWhole: "Refuse as a whole",
  revealOthers: "Show others in events",
  executeRequest: "Carry out",
  resumeRequest: "Go on",
  createPackageLink: "Make the download link",
  scanRequest: "Look again for what is left",
  recordResponse: "Record the answer",
  closeRequest: "Close request",
  linkDuplicate: "Mark as duplicate",
  recordWithdrawal: "Record a withdrawal",
} as const;
export type Command = keyof typeof commandTitles;

const before: readonly RequestState[] = [
  "received",
  "identity_pending",
  "verified",
  "scoping",
  "decision_pending",
];
const asking: readonly RequestState[] = [...before, "approved", "partly_refused"];

type Facts = Pick<
  RequestDetail,
  | "state"
  | "kind"
  | "standing"
  | "clock"
  | "respondedAt"
  | "timeline"
  | "next"
  | "intervals"
  | "package"
  | "closedAt"
>;

/** Whether each command can be done where the request stands: what the server would refuse is not offered. */
const can: Record<Command, (request: Facts) => boolean> = {
  askIdentity: ({ state }) => is(state, "received", "verified", "decision_pending"),
  recordIdentity: ({ state }) => is(state, "received", "identity_pending"),
  askClarification: (request) => asking.includes(request.state) && !awaits(request, "clarification"),
  recordClarification: (request) => awaits(request, "clarification"),
  askFee: (request) => asking.includes(request.state) && !awaits(request, "fee"),
  recordFee: (request) => awaits(request, "fee"),
  extendRequest: ({ state, clock, respondedAt }) =>
    !isEnd(state) && respondedAt === null && clock.extendBy !== null,
  acknowledgeRequest: ({ state, clock, timeline }) =>
    !isEnd(state) && clock.acknowledgeBy !== null && !timeline.some(({ kind }) => kind === "acknowledged"),
  scopeRequest: ({ state }) => is(state, "verified", "decision_pending", "approved", "partly_refused"),
  decideRequest: ({ state }) => state === "decision_pending",
  refuseWhole: ({ state }) => is(state, "received", "identity_pending", "verified", "decision_pending"),
  revealOthers: ({ state, kind, closedAt }) => kind === "access" && closedAt === null && !isEnd(state),
  executeRequest: ({ state }) => is(state, "approved", "partly_refused"),
  resumeRequest: ({ state }) => is(state, "failed", "blocked_by_hold"),
  createPackageLink: (request) => request.package?.state === "ready",
  scanRequest: ({ state, kind }) => kind === "erasure" && is(state, "verifying", "responding"),
  recordResponse: ({ state }) => is(state, "responding", "refused"),
  closeRequest: ({ state, respondedAt }) => is(state, "responding", "refused") && respondedAt !== null,
  linkDuplicate: ({ state }) => before.includes(state),
  recordWithdrawal: ({ state }) => is(state, ...asking, "blocked_by_hold", "failed"),
};

function is(state: RequestState, ...wanted: RequestState[]): boolean {
  return wanted.includes(state);
}

function awaits({ intervals }: Facts, kind: RequestDetail["intervals"][number]["kind"]): boolean {
  return intervals.some((interval) => interval.kind === kind && interval.endedAt === null);
}

/** The command of a next step; null where nobody need do anything. */
export function commandOf(verb: string | null): Command | null {
  return verb !== null && Object.hasOwn(commandTitles, verb) ? (verb as Command) : null;
}

/** What the menu beside the next step offers. */
export function otherCommands(request: Facts): Command[] {
  const next = commandOf(request.next?.verb ?? null);
  return (Object.keys(commandTitles) as Command[]).filter(
    (command) => command !== next && can[command](request),
  );
}
