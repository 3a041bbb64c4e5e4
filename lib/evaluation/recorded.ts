import type { Sql } from "postgres";
import type { Check, ObjectState } from "../check.ts";
import type { EvaluationError } from "./evaluate-check.ts";
import type { PatienceOf } from "./limits.ts";

/** One look that was accepted: none that stands is newer. */
export interface AcceptedLook {
  check: Check;
  /** Null when the look failed. */
  answer: { keys: readonly string[]; objects: readonly ObjectState[]; complete: boolean } | null;
  error: EvaluationError | null;
  /** When the check last gave any answer before this look. */
  repliedBefore: Date | null;
}

/** What one evaluation of a target found. */
export interface AcceptedRound {
  target: string;
  now: Date;
  looks: readonly AcceptedLook[];
  /** Whether there is a check of this id. */
  isCheck(id: string): boolean;
  patience: PatienceOf;
}

/**
 * What else is made of a round, in the transaction that writes the states. It is called once the target's lock is asked
 * for, so that what it needs to know is asked with the same round trip.
 */
export type RecordRound = (tx: Sql, target: string) => (round: AcceptedRound) => Promise<void>;
