import type { AuditDb } from "../audit-db/types.ts";
import type { ConsoleDb } from "../db/console-db.ts";
import type { HoldScope } from "./hold-scope.ts";

/**
 * What is about to be destroyed, as far as it is known before the target is asked. Who is meant the vault knows by the
 * tokens. A key that holds events of several targets or policies is several of these.
 */
export interface Destruction {
  target: string;
  /** `?`: events of any policy, such as those that wait in quarantine. */
  policy: string;
  /** The tokens whose rows become unreadable or are changed. */
  tokens: readonly string[];
  /** Single events, where only these are changed, whoever stands in them; all of the tokens' rows else. */
  events?: readonly { id: string; occurredAt: string }[];
}

export interface StandingHold {
  id: string;
  number: number;
  name: string;
}

/** A hold as it is judged. */
export interface JudgedHold extends StandingHold {
  scope: HoldScope;
  /** `vault.subject` of the person it is about; null: whoever it is. */
  subject: string | null;
}

/** What keeps a destruction back. */
export interface HeldBy {
  holds: StandingHold[];
  /** Whether a person it concerns is restricted (Art. 18 GDPR). */
  restricted: boolean;
}

export type GateAnswer<T> = { passed: true; value: T } | ({ passed: false } & HeldBy);

/** What it takes to ask whether something is held. */
export interface GateContext {
  console: Pick<ConsoleDb, "db">;
  /** Undefined, or a throw, for a target that is configured no more. */
  openTarget(name: string): Pick<AuditDb, "use"> | undefined;
}
