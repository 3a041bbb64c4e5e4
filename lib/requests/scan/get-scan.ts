import { desc, eq } from "drizzle-orm";
import type { Queryable } from "../../db/console-db.ts";
import { schema } from "../../db/schema.ts";
import { requireRequest } from "../read-request.ts";
import type { ScanPlace } from "../scan-types.ts";
import { remainderListed } from "./remainder.ts";

/** A look for what is left of a person. */
export interface RequestScanView {
  id: string;
  state: "running" | "done" | "failed";
  jobId: string | null;
  beganAt: string;
  endedAt: string | null;
  places: ScanPlace[];
  /** Whether nothing is left, but what is listed with its ground. */
  listed: boolean;
}

/** The newest scan of a request; null before the first. @throws AppError NOT_FOUND */
export async function getScan(db: Queryable, request: number): Promise<RequestScanView | null> {
  const { requestScan } = schema;
  const { id: requestId } = await requireRequest(db, request);
  const [row] = await db
    .select()
    .from(requestScan)
    .where(eq(requestScan.requestId, requestId))
    .orderBy(desc(requestScan.beganAt))
    .limit(1);
  if (!row) return null;
  const { id, state, jobId, beganAt, endedAt, places } = row;
  return {
    ...{ id, state, jobId },
    beganAt: beganAt.toISOString(),
    endedAt: endedAt?.toISOString() ?? null,
    places: (places as ScanPlace[] | null) ?? [],
    listed: remainderListed({ state, places }),
  };
}
