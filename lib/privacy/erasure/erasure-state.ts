import type { ErasureState } from "../../../drizzle/console/schema/privacy.ts";

/** What is known of a key and what stands under it when somebody looks whether it may go. */
export interface ErasureFacts {
  now: Date;
  /** The last day on which a floor of retention ends over anything the key opens; null: nothing stands under it. */
  keyFreeAt: Date | null;
  /** Ids of holds that cover something it opens. */
  holds: readonly string[];
  /** Whether the person's data is restricted, which keeps it as a hold does. */
  restricted: boolean;
  /** Whether events under it wait in quarantine for a policy that the target knows. */
  quarantined: boolean;
}

/** What is to become of an erasure. */
export type ErasureStep =
  | { state: "held"; heldBy: string[]; dueAt: Date | null }
  | { state: "kept"; heldBy: []; dueAt: Date }
  | { state: "marked"; heldBy: []; dueAt: null };

/** Why something is kept that no hold is named for. */
export const heldByRestriction = "restriction";
export const heldByQuarantine = "quarantine";

/**
 * What an erasure waits for, or that nothing keeps it back. A floor that ends later is told beside what holds it; once
 * both are over the key may be marked, and nothing but the gate decides whether it goes.
 */
export function judgeErasure({ now, keyFreeAt, ...held }: ErasureFacts): ErasureStep {
  const dueAt = keyFreeAt !== null && keyFreeAt > now ? keyFreeAt : null;
  const heldBy = [
    ...held.holds,
    ...(held.restricted ? [heldByRestriction] : []),
    ...(held.quarantined ? [heldByQuarantine] : []),
  ];
  if (heldBy.length > 0) return { state: "held", heldBy, dueAt };
  if (dueAt !== null) return { state: "kept", heldBy: [], dueAt };
  return { state: "marked", heldBy: [], dueAt: null };
}

/** Whether it may be judged anew: what is destroyed is never anything else again. */
export function isOpen(state: ErasureState): state is Exclude<ErasureState, "destroyed"> {
  return state !== "destroyed";
}
