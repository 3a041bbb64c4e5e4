import type { RequestKind } from "../kinds.ts";

/** Languages that letters are written in. */
export const letterLanguages = ["en", "de"] as const;
export type LetterLanguage = (typeof letterLanguages)[number];

/** Why a request, or part of it, may be refused. */
export interface RefusalGround {
  /** Kept with the decision: never changes its meaning. */
  id: string;
  /** What says so. */
  law: string;
  /** For whoever decides. */
  title: string;
  /** What it can refuse. */
  kinds: readonly RequestKind[];
  /** Whether it refuses the whole, also before anything was counted. */
  whole: boolean;
  /** For the person, in their language. */
  words: Record<LetterLanguage, string>;
}
