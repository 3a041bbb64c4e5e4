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
