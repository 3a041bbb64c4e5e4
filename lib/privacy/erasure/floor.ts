export const dayMs = 86_400_000;

/** What stands under one key in one policy of one target. */
export interface PolicyFacts {
  target: string;
  /** `retention_policy` of the rows. */
  policy: string;
  /** At most `countedMost`, which then means as many or more. */
  events: number;
  oldest: Date;
  newest: Date;
  /** Of the policy's row on its target now; null where the target has no such policy. */
  floorDays: number | null;
  legalBasis: string | null;
  /** Of `events`, how many wait in audit_quarantine. */
  quarantined: number;
}

/**
 * The moment on which nothing commands any more that these events be kept: the newest one and the floor of its policy. A
 * policy that its target does not know, or knows no more, has no floor: its events wait, and are held.
 */
export function freeAt({ newest, floorDays }: Pick<PolicyFacts, "newest" | "floorDays">): Date | null {
  return floorDays === null ? null : new Date(newest.getTime() + floorDays * dayMs);
}

/** The last of these moments: a key goes when the last policy under it may go. Null where nothing stands under it. */
export function lastFreeAt(facts: readonly Pick<PolicyFacts, "newest" | "floorDays">[]): Date | null {
  const ends = facts.map(freeAt).filter((at) => at !== null);
  return ends.length === 0 ? null : new Date(Math.max(...ends.map((at) => at.getTime())));
}
