import type { LetterLanguage } from "../../../request-law/grounds/ground.ts";
import { findGround } from "../../../request-law/grounds.ts";
import type { RequestRow } from "../../read-request.ts";

/** A ground of refusal in the words of the request's language; its id where the law knows no such ground. */
export function tellGround(
  ground: string | null,
  { regime, language }: Pick<RequestRow, "regime" | "language">,
): string {
  if (ground === null) return "–";
  const words = findGround(regime, ground)?.words;
  return words?.[language as LetterLanguage] ?? words?.en ?? ground;
}
