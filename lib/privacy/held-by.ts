import type { HeldBy } from "../holds/types.ts";
import { heldByRestriction } from "./erasure/erasure-state.ts";

export function isHeld({ holds, restricted }: HeldBy): boolean {
  return holds.length > 0 || restricted;
}

/** What holds something, as records of ours name it: ids of holds, and `restriction`. */
export function heldByOf({ holds, restricted }: HeldBy): string[] {
  return [...holds.map(({ id }) => id), ...(restricted ? [heldByRestriction] : [])];
}
