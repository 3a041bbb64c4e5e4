import type { CheckedLeaf } from "../audit-db/append/check-leaf.ts";
import type { EventKey } from "../audit-log/event-filters.ts";

export const searchPageRows = 50;

/** An event as a list shows it. People are tokens here. */
export interface EventSummary extends EventKey {
  organizationId: string;
  action: string;
  status: "attempt" | "success" | "failure";
  outcome: string | null;
  targetType: string | null;
  targetId: string | null;
  actorToken: string | null;
  dataClassification: string;
  retentionPolicy: string;
  correlationId: string | null;
}

export interface EventPage {
  /** Newest first. */
  events: EventSummary[];
  /** Where the page of older events begins; null on the last page. */
  older: EventKey | null;
  /** The first event shown, for what is newer; null when none is. */
  newest: EventKey | null;
}

/** One event with all its columns but the ciphertexts. */
export interface EventDetail extends EventSummary {
  recordedAt: string;
  eventVersion: number;
  processingMs: number | null;
  details: Record<string, unknown>;
  targetToken: string | null;
  leafVersion: number;
  /** Lower-case hex. */
  leaf: string;
  /** Lower-case hex: four times 16 bytes, from leaf version 2 on. */
  salts: string | null;
  /** The leaf made anew of the row as it stands now, and the digests of its ciphertexts, compared with what is stored. */
  check: CheckedLeaf["check"];
  /** What was taken away, as far as the row itself tells. */
  redacted: CheckedLeaf["redacted"];
  /** Numbers of the ledger's entries that show it, where the leaf cannot. */
  receipts: number[];
  /** Whose personal fields stand in the row as ciphertext. */
  people: { actor: boolean; target: boolean };
}

export interface EventsDay {
  /** UTC date, YYYY-MM-DD. */
  day: string;
  retentionPolicy: string;
  events: number;
}

export interface EventsPerDay {
  /** First instant counted (UTC midnight) and the instant the count ends. */
  from: Date;
  to: Date;
  policies: string[];
  /** Days without an event of a policy are left out. Oldest first. */
  days: EventsDay[];
  total: number;
}
