/** What became of one event. */
export interface Appended {
  id: string;
  /** ISO 8601, UTC, as stored. */
  occurredAt: string;
  /**
   * `duplicate`: it was there already. `conflict`: other content stands under its id, and nothing was written.
   * `quarantined`: it waits in audit_quarantine, with the reason.
   */
  outcome: "stored" | "duplicate" | "conflict" | "quarantined";
  /** The stored row's leaf in hex. */
  leaf: string;
  reason?: QuarantineReason;
}

export type QuarantineReason = "unknown_policy" | "no_partition" | "too_far_ahead" | "fenced";

export interface AppendOptions {
  /** A repeat under the same key answers what the first answered, even where events have no ids. Kept seven days. */
  idempotencyKey?: string;
  /** Whose key it is, e.g. the token's id; keys of different scopes never meet. */
  idempotencyScope?: string;
  signal?: AbortSignal;
}
