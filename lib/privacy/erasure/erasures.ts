import { and, eq, inArray } from "drizzle-orm";
import type { Queryable, Tx } from "../../db/console-db.ts";
import { schema } from "../../db/schema.ts";

export type ErasureRow = typeof schema.erasure.$inferSelect;

/** Those that there are, in the order in which they were asked for. */
export async function readErasures(db: Queryable, ids: readonly string[]): Promise<ErasureRow[]> {
  const { erasure } = schema;
  if (ids.length === 0) return [];
  return db
    .select()
    .from(erasure)
    .where(inArray(erasure.id, [...ids]))
    .orderBy(erasure.id);
}

/** Moves an erasure on if it is still what was read of it. @returns null when somebody else moved it meanwhile */
export async function moveErasure(
  tx: Tx,
  read: Pick<ErasureRow, "id" | "version" | "state">,
  set: Partial<ErasureRow>,
): Promise<ErasureRow | null> {
  const { erasure } = schema;
  const [moved] = await tx
    .update(erasure)
    .set({ ...set, version: read.version + 1 })
    .where(and(eq(erasure.id, read.id), eq(erasure.version, read.version), eq(erasure.state, read.state)))
    .returning();
  return moved ?? null;
}
