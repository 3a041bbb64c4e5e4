import { unknownPolicy } from "../../audit-db/vault/types.ts";
import { whileUp } from "../../audit-db/while-up.ts";
import type { Destruction } from "../../holds/types.ts";
import type { FoundKey } from "../../key-store/find-key.ts";
import type { ErasureContext } from "./erasure-context.ts";
import { lastFreeAt } from "./floor.ts";
import { type FloorFacts, readNewest } from "./read-newest.ts";
import { readPolicyFacts } from "./read-policy-facts.ts";

/** What is known of a key and what stands under it. */
export interface KeyFacts {
  /** Of a key of one policy only what its floor keeps. */
  rows: FloorFacts[];
  /** Whether it may hold events of several policies, and so is kept until the last of them may go. */
  shared: boolean;
  freeAt: Date | null;
  /** Whether something under it waits in quarantine, or its policy is one that its target does not know. */
  quarantined: boolean;
}

/** A key from before policies, or of events whose policy was not known. */
export function isShared({ policy }: Pick<FoundKey, "policy">): boolean {
  return policy === null || policy === unknownPolicy;
}

/** Asks the key's target, or every one of an old key. @throws AppError when one of them cannot be asked: then nothing is known */
export async function readKeyFacts(
  { auditTargets, openTarget, now }: Pick<ErasureContext, "auditTargets" | "openTarget" | "now">,
  key: Pick<FoundKey, "token" | "target" | "policy">,
): Promise<KeyFacts> {
  const targets = key.target === null ? auditTargets : [key.target];
  const { token, policy } = key;
  const rows: FloorFacts[] = [];
  for (const name of targets) {
    const audit = openTarget(name);
    const alone = policy !== null && !isShared(key);
    const read = () => (alone ? readNewest(audit, token, policy, now()) : readPolicyFacts(audit, [token]));
    rows.push(...(await whileUp(audit, read)));
  }
  return {
    rows,
    shared: isShared(key),
    freeAt: lastFreeAt(rows),
    quarantined: rows.some(
      ({ floorDays, quarantined }) => floorDays === null || (key.policy === unknownPolicy && quarantined > 0),
    ),
  };
}

/** What becomes unreadable with a key: what an erasure names, and whatever else stands under it. */
export function destructionsOf(
  { token, target, policy }: { token: string; target: string; policy: string },
  rows: readonly FloorFacts[],
): Destruction[] {
  const places = [
    { target, policy },
    ...rows.map((row) => ({
      target: row.target,
      policy: row.floorDays === null ? unknownPolicy : row.policy,
    })),
  ];
  const distinct = new Map(places.map((place) => [`${place.target} ${place.policy}`, place]));
  return [...distinct.values()].map((place) => ({ ...place, tokens: [token] }));
}
