import { and, eq, inArray } from "drizzle-orm";
import { uuidV7 } from "../../audit-db/append/uuid-v7.ts";
import type { AuditDb } from "../../audit-db/types.ts";
import { unknownPolicy } from "../../audit-db/vault/types.ts";
import type { Tx } from "../../db/console-db.ts";
import { schema } from "../../db/schema.ts";
import type { SubjectKey } from "../../key-store/subject-keys.ts";
import type { ErasureRow } from "./erasures.ts";
import { isShared } from "./read-key-facts.ts";
import { readPolicyFacts } from "./read-policy-facts.ts";

/** What is erased of a person. */
export interface ErasedPlace {
  target: string;
  policy: string;
}

/**
 * Which of a person's keys hold their events of that policy; shared ones where they do.
 * @param openTarget the target's engine, asked only where a key holds several policies
 * @throws AppError while the target cannot be asked
 */
export async function findKeysOf(
  keys: readonly SubjectKey[],
  openTarget: () => Pick<AuditDb, "use" | "target">,
  { target, policy }: ErasedPlace,
): Promise<SubjectKey[]> {
  const own = keys.filter((key) => key.target === target && key.policy === policy);
  const shared = keys.filter(
    (key) => isShared(key) && (key.target ?? target) === target && !own.includes(key),
  );
  if (shared.length === 0 || policy === unknownPolicy) return own;
  const rows = await readPolicyFacts(
    openTarget(),
    shared.map(({ token }) => token),
  );
  const holding = new Set(rows.filter((row) => row.policy === policy).map(({ token }) => token));
  return [...own, ...shared.filter(({ token }) => holding.has(token))];
}

/** A row for each key; what was asked for before stays as it is. @returns all of them */
export async function askErasures(
  tx: Tx,
  keys: readonly SubjectKey[],
  { target, policy }: ErasedPlace,
  by: { id: string | null; name: string; now: Date },
): Promise<ErasureRow[]> {
  const { erasure } = schema;
  if (keys.length === 0) return [];
  const tokens = keys.map(({ token }) => token);
  await tx
    .insert(erasure)
    .values(
      tokens.map((token) => ({
        id: uuidV7(by.now.getTime()),
        ...{ token, target, policy },
        state: "asked" as const,
        heldBy: [],
        requestedBy: by.id,
        requestedByName: by.name,
        requestedAt: by.now,
      })),
    )
    .onConflictDoNothing();
  return tx
    .select()
    .from(erasure)
    .where(and(inArray(erasure.token, tokens), eq(erasure.target, target), eq(erasure.policy, policy)))
    .orderBy(erasure.id);
}
