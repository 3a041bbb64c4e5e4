import type { IntakeChannel } from "../../drizzle/console/schema/requests.ts";
import type { ClockInterval } from "../request-law/clock.ts";
import type { RequestKind } from "../request-law/kinds.ts";
import type { Regime } from "../request-law/regimes.ts";
import type { RequestState } from "../request-law/states.ts";

export const requestEventKinds = [
  "received",
  "moved",
  "identity_asked",
  "identity_seen",
  "clarification_asked",
  "clarification_given",
  "fee_asked",
  "fee_paid",
  "extended",
  "acknowledged",
  "scoped",
  "note",
  "file",
  "linked",
  "others_revealed",
  "package_ready",
  "package_passphrase",
  "package_link",
  "package_downloaded",
  "package_purged",
  "erasure",
  "redaction",
  "scanned",
  "certificate",
  "supplement",
  "told",
  "personal_destroyed",
] as const;
export type RequestEventKind = (typeof requestEventKinds)[number];

/** What was decided of one part of the scope. */
export interface DecisionPart {
  target: string;
  policy: string;
  decision: "grant" | "refuse";
  /** Id of a ground of lib/request-law/grounds.ts; null where it is granted. */
  ground: string | null;
}

export interface RequestDecision {
  /** Of the whole, where it was refused before it was scoped. */
  ground: string | null;
  parts: DecisionPart[];
}

/** A request as lists show it: nothing of the person. */
export interface RequestSummary {
  id: string;
  number: number;
  version: number;
  kind: RequestKind;
  regime: Regime;
  state: RequestState;
  resumesAt: RequestState | null;
  organizations: string[];
  targets: string[];
  receivedAt: string;
  channel: IntakeChannel;
  reference: string | null;
  submittedBy: string;
  /** ISO 8601; null while nothing counts. */
  dueAt: string | null;
  /** `YYYY-MM-DD` of the controller. */
  dueOn: string | null;
  /** Whole days until the due day ends, negative once it is over; null once the person was answered. */
  daysLeft: number | null;
  standing: ClockInterval["kind"] | null;
  intervals: { kind: ClockInterval["kind"]; beganAt: string; endedAt: string | null }[];
  extendedAt: string | null;
  timeZone: string;
  /** When the person was answered: from then on it is neither due nor late. */
  respondedAt: string | null;
  closedAt: string | null;
  /** The one next step, by which verb and for whom. */
  next: NextStep | null;
}

/** What somebody should do now. */
export interface NextStep {
  /** Name of the verb as pages, API and command line call it; null: the product works, nobody need do anything. */
  verb: string | null;
  words: string;
}

export interface RequestTimelineEntry {
  id: string;
  at: string;
  kind: RequestEventKind;
  from: RequestState | null;
  to: RequestState | null;
  by: string;
  role: string;
  facts: Record<string, unknown>;
  /** Whether somebody typed something, which is sealed: `viewRequestPerson` opens it, on record. */
  typed: boolean;
}
