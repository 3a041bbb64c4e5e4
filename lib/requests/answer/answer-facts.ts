import type { RequestKind } from "../../request-law/kinds.ts";
import type { Remainder } from "../erasure/remainder.ts";
import type { LetterBase } from "../package/letter/letter-base.ts";
import type { DecisionPart } from "../types.ts";

/** What the letter tells of a request that was refused, or of an erasure that was carried out or waits. */
export interface AnswerFacts extends LetterBase {
  kind: RequestKind;
  /** Whether all that was granted is held, so that nothing was carried out yet. */
  waiting: boolean;
  /** Id of the ground on which the whole was refused. */
  ground: string | null;
  parts: readonly DecisionPart[];
  /** Under which policies, and since when, nothing can be read; `destroyedAt` is ISO 8601. */
  erased: readonly { target: string; policy: string; destroyedAt: string }[];
  /** Events that named the person in clear. */
  redacted: readonly { target: string; events: number }[];
  remains: readonly Remainder[];
  /** Numbers of requests by which they were erased before. */
  earlier: readonly number[];
  /** ISO 8601: until when a backup may hold a destroyed key that can be used; null where none was destroyed. */
  backupsUntil: string | null;
}

export type Outcome = "refused" | "partly" | "granted";

export function outcomeOf({ ground, parts }: Pick<AnswerFacts, "ground" | "parts">): Outcome {
  const refused = parts.filter(({ decision }) => decision === "refuse").length;
  if (ground !== null || (refused > 0 && refused === parts.length)) return "refused";
  return refused > 0 ? "partly" : "granted";
}
