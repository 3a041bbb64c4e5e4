import type { Unavailable } from "../result.ts";

export const searchPageRows = 50;

/** What a search looks for; what is left out does not narrow it. */
export interface EventFilters {
  from: Date;
  to: Date;
  /** A person's id, found through the blind index, or a token. */
  actor?: string | undefined;
  /** A person's id, a token, or what `target_id` holds. */
  target?: string | undefined;
  targetType?: string | undefined;
  organization?: string | undefined;
  /** The whole action, or its beginning where it ends with `*`. */
  action?: string | undefined;
  status?: "attempt" | "success" | "failure" | undefined;
  classification?: "PUBLIC" | "INTERNAL" | "CONFIDENTIAL" | "PHI" | undefined;
  policy?: string | undefined;
  correlation?: string | undefined;
  /** Anywhere in the details as text; reads every row of the range that the others leave. */
  text?: string | undefined;
}

/** The place of an event in time: pages begin after or before one. */
export interface EventKey {
  /** ISO 8601 in UTC with microseconds. */
  occurredAt: string;
  id: string;
}

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
  /** The leaf made anew of the row as it stands now, and the digests of its ciphertexts, compared with what is stored. */
  check: "matches" | "differs" | "no leaf" | "unknown version";
  /** Whose personal fields stand in the row as ciphertext. */
  people: { actor: boolean; target: boolean };
}

/** What an events read cannot answer here. */
export type EventsUnavailable = { unavailable: Unavailable };

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
