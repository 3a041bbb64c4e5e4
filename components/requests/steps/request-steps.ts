import type { RequestState } from "@/lib/request-law/states.ts";
import type { RequestDetail } from "@/lib/requests/get-request.ts";

export const stepNames = [
  "Received",
  "Identity",
  "Scope",
  "Decision",
  "Carried out",
  "Verified",
  "Answered",
  "Closed",
] as const;
export type StepName = (typeof stepNames)[number];

export interface RequestStep {
  name: StepName;
  state: "done" | "current" | "stopped" | "ahead" | "skipped";
  /** When it was done, ISO 8601. */
  at: string | null;
}

/** The step that each state works at; null: it has left the way. */
const stepOf: Record<RequestState, number | null> = {
  received: 1,
  identity_pending: 1,
  verified: 2,
  scoping: 2,
  decision_pending: 3,
  approved: 4,
  partly_refused: 4,
  refused: 6,
  executing: 4,
  verifying: 5,
  responding: 6,
  closed: 8,
  blocked_by_hold: 4,
  failed: null,
  duplicate: null,
  withdrawn: null,
};

/** States that a step is done by having reached. */
const doneBy: Partial<Record<StepName, readonly RequestState[]>> = {
  Identity: ["verified"],
  Scope: ["decision_pending"],
  Decision: ["approved", "partly_refused", "refused"],
  "Carried out": ["verifying"],
  Verified: ["responding"],
  Closed: ["closed"],
};

type Facts = Pick<
  RequestDetail,
  "state" | "resumesAt" | "receivedAt" | "respondedAt" | "closedAt" | "timeline"
>;

/** The way from receipt to certificate, and where the request stands on it. */
export function stepsOf(request: Facts): RequestStep[] {
  const { state, resumesAt, timeline } = request;
  const reached = new Map<RequestState, string>();
  for (const { kind, to, at } of timeline) if (kind === "moved" && to !== null) reached.set(to, at);
  const stopped = state === "failed" || state === "blocked_by_hold";
  const left = state === "duplicate" || state === "withdrawn";
  const refused =
    reached.has("refused") && (state === "refused" || state === "closed") && !reached.has("executing");
  const answered = request.respondedAt !== null;
  let at = stepOf[state === "failed" ? (resumesAt ?? "failed") : state] ?? (left ? lastStep(reached) : 1);
  if ((state === "responding" || state === "refused") && answered) at = 7;
  return stepNames.map((name, index) => ({
    name,
    state:
      refused &&
      (name === "Carried out" ||
        name === "Verified" ||
        (name === "Scope" && !reached.has("decision_pending")))
        ? "skipped"
        : index < at
          ? "done"
          : index === at
            ? stopped || left
              ? "stopped"
              : "current"
            : left
              ? "skipped"
              : "ahead",
    at: index < at ? timeOf(name, request, reached) : null,
  }));
}

function timeOf(name: StepName, request: Facts, reached: ReadonlyMap<RequestState, string>): string | null {
  if (name === "Received") return request.receivedAt;
  if (name === "Answered") return request.respondedAt;
  if (name === "Closed") return request.closedAt;
  return doneBy[name]?.map((state) => reached.get(state)).find((at) => at !== undefined) ?? null;
}

/** How far it had come when it left the way. */
function lastStep(reached: ReadonlyMap<RequestState, string>): number {
  return Math.max(1, ...[...reached.keys()].map((state) => stepOf[state] ?? 1));
}
