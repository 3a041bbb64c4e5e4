import { eq } from "drizzle-orm";
import type { AuditDb } from "../../audit-db/types.ts";
import type { ConsoleDb, Tx } from "../../db/console-db.ts";
import { schema } from "../../db/schema.ts";
import type { SubjectKey } from "../../key-store/subject-keys.ts";
import { askErasures, type ErasedPlace, findKeysOf } from "../../privacy/erasure/ask-erasures.ts";
import type { RequestRow } from "../read-request.ts";
import { readPersonKeys } from "../scope/person-keys.ts";
import type { RequestDecision } from "../types.ts";

/** What a request was granted, with the keys under which it stands. */
export interface GrantedKeys {
  place: ErasedPlace;
  keys: SubjectKey[];
}

/**
 * The person's keys for each part that was granted. Of somebody whom the vault does not know there is none: they stand in no
 * event, or all of theirs is erased.
 * @throws AppError while a target cannot be asked; NOT_FOUND once what the request said of the person was destroyed
 */
export async function findGrantedKeys(
  console: Pick<ConsoleDb, "db" | "sql">,
  openTarget: (name: string) => Pick<AuditDb, "use" | "target">,
  row: RequestRow,
): Promise<GrantedKeys[]> {
  const { keys } = await readPersonKeys(console, row);
  const granted: GrantedKeys[] = [];
  for (const place of grantedOf(row))
    granted.push({ place, keys: await findKeysOf(keys, () => openTarget(place.target), place) });
  return granted;
}

/** Parts of a request that its decision grants. */
export function grantedOf({ decision }: Pick<RequestRow, "decision">): ErasedPlace[] {
  const { parts = [] } = (decision ?? {}) as Partial<RequestDecision>;
  return parts
    .filter((part) => part.decision === "grant")
    .map(({ target, policy }) => ({ target, policy }))
    .sort((a, b) => (`${a.target} ${a.policy}` < `${b.target} ${b.policy}` ? -1 : 1));
}

/** Whether a decision keeps what stands under that policy. One under which the person has no event of their own is no part of it. */
export function isRefused(parts: RequestDecision["parts"], target: string, policy: string): boolean {
  return parts.some((part) => part.target === target && part.policy === policy && part.decision === "refuse");
}

/** Asks for an erasure for each key, or joins the one that was asked for before, as the act of whoever carries it out. */
export async function linkErasures(
  tx: Tx,
  row: RequestRow,
  granted: readonly GrantedKeys[],
  { now, jobId }: { now: Date; jobId: string },
): Promise<string[]> {
  const { requestErasure, erasure } = schema;
  const ids: string[] = [];
  const by = { id: row.executedBy, name: row.executedByName ?? "audit-db", now };
  for (const { place, keys } of granted)
    for (const asked of await askErasures(tx, keys, place, by)) {
      // Of the same moment: nobody asked before.
      const first = asked.version === 1 && asked.requestedAt.getTime() === now.getTime();
      await tx
        .insert(requestErasure)
        .values({ requestId: row.id, erasureId: asked.id, first })
        .onConflictDoNothing();
      if (first) await tx.update(erasure).set({ jobId }).where(eq(erasure.id, asked.id));
      ids.push(asked.id);
    }
  return ids;
}
