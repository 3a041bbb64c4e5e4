import type { HoldState } from "../../drizzle/console/schema/privacy.ts";
import type { HoldScope } from "../holds/hold-scope.ts";
import type { LedgerEntry } from "../ledger/entry.ts";

/** A legal hold as the page lists it. */
export interface Hold {
  id: string;
  number: number;
  version: number;
  name: string;
  reason: string;
  scope: HoldScope;
  /** Whether it names one person; who that is stands nowhere. */
  person: boolean;
  state: HoldState;
  /** Destructions that began before it and are not settled yet. */
  awaits: { id: string; action: string; target: string | null; intendedAt: string }[];
  placedBy: string;
  placedAt: string;
  inForceAt: string | null;
  releasedBy: string | null;
  releasedAt: string | null;
  releaseReason: string | null;
}

export type LedgerRow = LedgerEntry & {
  entry: number;
  /** ISO 8601 */
  at: string;
  /** Name of whoever did it, where the console knows the person still. */
  by: string;
  receiptId: string;
  /** Whether the receipt stands in the target's log: `unknown` while that cannot be asked. */
  receipt: "delivered" | "pending" | "unknown";
};

/** A person's events under one policy of one target, as far as keys tell. */
export interface SubjectPolicy {
  target: string;
  /** `?`: in quarantine under policies that the target does not know. */
  policy: string;
  /**
   * `open`: readable. `kept`: erasure was asked for, and a floor or a hold keeps the key. `erasing`: no process may use
   * it any more. `erased`: unreadable for good, as far as the console still knows of it.
   */
  state: "open" | "kept" | "erasing" | "erased";
  events: number | null;
  /** ISO 8601 */
  oldest: string | null;
  newest: string | null;
  floorDays: number | null;
  legalBasis: string | null;
  /** The day its floor ends: newest event and floor; null where the target could not be asked. */
  dueAt: string | null;
  /** Whether events stand under a key that holds several policies, and so stays until the last of them may go. */
  sharedKey: boolean;
  holds: { id: string; number: number; name: string }[];
  /** Why the target could not be asked; null when it was. */
  problem: string | null;
}

/** What is known of one person. Shown to privacy officers alone, each view recorded. */
export interface SubjectView {
  found: boolean;
  policies: SubjectPolicy[];
  restriction: {
    id: string;
    ground: string;
    reason: string;
    placedBy: string;
    placedAt: string;
    exceptions: { id: string; ground: string; reason: string; grantedBy: string; expiresAt: string }[];
  } | null;
}
