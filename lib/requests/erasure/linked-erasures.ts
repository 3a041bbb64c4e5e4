import { eq } from "drizzle-orm";
import type { Queryable } from "../../db/console-db.ts";
import { schema } from "../../db/schema.ts";
import type { ErasureRow } from "../../privacy/erasure/erasures.ts";

/** The erasures that carry a request out, by target and policy. */
export async function readLinkedErasures(db: Queryable, requestId: string): Promise<ErasureRow[]> {
  const { erasure, requestErasure } = schema;
  const rows = await db
    .select({ erasure })
    .from(requestErasure)
    .innerJoin(erasure, eq(erasure.id, requestErasure.erasureId))
    .where(eq(requestErasure.requestId, requestId))
    .orderBy(erasure.target, erasure.policy, erasure.id);
  return rows.map((row) => row.erasure);
}
