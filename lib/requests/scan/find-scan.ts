import { desc, eq } from "drizzle-orm";
import type { Queryable } from "../../db/console-db.ts";
import { schema } from "../../db/schema.ts";

export type ScanRow = typeof schema.requestScan.$inferSelect;

/** The newest scan of a request; undefined before the first. */
export async function findScan(db: Queryable, requestId: string): Promise<ScanRow | undefined> {
  const { requestScan } = schema;
  const [row] = await db
    .select()
    .from(requestScan)
    .where(eq(requestScan.requestId, requestId))
    .orderBy(desc(requestScan.beganAt), desc(requestScan.id))
    .limit(1);
  return row;
}
