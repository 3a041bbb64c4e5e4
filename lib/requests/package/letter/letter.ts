import type { RequestKind } from "../../../request-law/kinds.ts";
import type { PageHead } from "../page-head.ts";
import type { LetterBase } from "./letter-base.ts";

/** A part of the decision that the person does not get. */
export interface RefusedPart {
  target: string;
  policy: string;
  /** In words of the letter's language; null: its basis is none of those that portability is for. */
  ground: string | null;
}

/** What the target's own row says of a policy, where the controller said nothing. */
export interface StoredPolicy {
  name: string;
  legalBasis: string;
  floorDays: number;
  ceilingDays: number | null;
}

/** What the letter in a package tells. */
export interface LetterFacts extends LetterBase {
  kind: Extract<RequestKind, "access" | "portability">;
  found: Pick<PageHead, "events" | "counts" | "fields">;
  refused: readonly RefusedPart[];
  policies: readonly StoredPolicy[];
  /** Events in which others are shown. */
  revealed: number;
}

export interface LetterSection {
  heading: string;
  paragraphs: string[];
  items?: string[];
  /** `shares` of the width by column; `figures` are the columns of numbers. */
  table?: { head: string[]; rows: string[][]; shares: readonly number[]; figures: readonly number[] };
}

/** A letter before it has a form. */
export interface Letter {
  language: string;
  title: string;
  sender: string[];
  receiver: string[];
  date: string;
  subject: string;
  greeting: string;
  intro: string;
  sections: LetterSection[];
  closing: string[];
  /** For a form of the letter that cannot write every sign. */
  missing: string;
}
