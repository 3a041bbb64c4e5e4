import type { StandingHold } from "../holds/types.ts";

/** Why events of a policy stay for now, or that they may go. */
export type ScopeOutcome =
  /** No floor and no hold keeps them. */
  | "erasable"
  /** A floor of retention does, until `until`. */
  | "floor"
  /** A hold, a restriction or what waits in quarantine does. */
  | "held"
  /** The target does not know the policy. */
  | "unknown";

/** A person's events under one policy of one target, judged record by record. */
export interface ScopePolicy {
  policy: string;
  /** Of the target's policy row: what commands or allows to keep them. */
  legalBasis: string | null;
  /** Art. 6(1), as the controller says for this policy; null: not said. */
  basis: string | null;
  floorDays: number | null;
  events: number;
  oldest: string;
  newest: string;
  /** Records by what keeps each: they add up to `events`. */
  free: number;
  floored: number;
  held: number;
  /** The day the last floor ends, ISO 8601. */
  until: string | null;
  holds: (StandingHold & { events: number })[];
  restricted: boolean;
  quarantined: number;
  /** What erasing would do with the key of this policy now. */
  outcome: ScopeOutcome;
  /** Whether events stand under a key that holds several policies. */
  sharedKey: boolean;
}

export interface ScopeTarget {
  target: string;
  /** Why it could not be asked; everything else is empty then. */
  problem: string | null;
  events: number;
  asActor: number;
  asTarget: number;
  policies: ScopePolicy[];
  partitions: { partition: string; policy: string; month: string; events: number }[];
  actions: { action: string; events: number }[];
  classes: { classification: string; events: number }[];
  /** `YYYY-MM`, UTC. */
  months: { month: string; policy: string; events: number }[];
  /** Of each policy a few, for people to look at; ids and what holds no personal data. */
  samples: { id: string; occurredAt: string; action: string; policy: string; role: "actor" | "target" }[];
  /** Events whose clear fields hold an identifier: what redaction is for. The first `clearMost` of them; the values stand nowhere. */
  clear: { id: string; occurredAt: string; policy: string; fields: string[] }[];
  clearEvents: number;
}

export interface RequestScope {
  id: string;
  state: "running" | "done" | "failed";
  beganAt: string;
  madeAt: string | null;
  jobId: string | null;
  /** Whether it is of what there is now; null while that was not asked. */
  fresh: boolean | null;
  /** Why it is not fresh, in words: new events on eu, hold #7 was placed. */
  stale: string[];
  targets: ScopeTarget[];
}
