import { and, desc, eq, or } from "drizzle-orm";
import { uuidV7 } from "../../audit-db/append/uuid-v7.ts";
import type { Tx } from "../../db/console-db.ts";
import { schema } from "../../db/schema.ts";
import { toAppError } from "../../errors.ts";
import type { JobContext } from "../../jobs/define-job.ts";
import { failRequest } from "../fail-request.ts";
import { moveRequest, writeRequestEvent } from "../move-request.ts";
import { lockRequest, type RequestRow } from "../read-request.ts";
import type { ScanPlace } from "../scan-types.ts";
import { remainderListed, tellRemainder } from "./remainder.ts";

export interface Scanned {
  places: number;
  /** Of them, where something is left. */
  found: number;
  unknown: number;
  listed: boolean;
}

/** The row that was made for this job, or one of its own. @returns its id */
export async function beginScan(tx: Tx, job: JobContext, requestId: string): Promise<string> {
  const { requestScan } = schema;
  const [found] = await tx
    .select({ id: requestScan.id })
    .from(requestScan)
    .where(
      and(
        eq(requestScan.requestId, requestId),
        or(eq(requestScan.jobId, job.id), eq(requestScan.state, "running")),
      ),
    )
    .orderBy(desc(requestScan.beganAt))
    .limit(1);
  if (found) {
    await tx.update(requestScan).set({ jobId: job.id }).where(eq(requestScan.id, found.id));
    return found.id;
  }
  const now = job.now();
  const id = uuidV7(now.getTime());
  await tx.insert(requestScan).values({ id, requestId, jobId: job.id, state: "running", beganAt: now });
  return id;
}

/** It is done; once all that is left is listed, the request goes on. */
export async function finishScan(
  tx: Tx,
  job: JobContext,
  { id: request }: RequestRow,
  scan: string,
  places: ScanPlace[],
): Promise<Scanned> {
  const now = job.now();
  const listed = remainderListed({ state: "done", places });
  const scanned: Scanned = {
    places: places.length,
    found: places.filter(({ state }) => state === "found").length,
    unknown: places.filter(({ state }) => state === "unknown").length,
    listed,
  };
  const { requestScan } = schema;
  await tx.update(requestScan).set({ state: "done", endedAt: now, places }).where(eq(requestScan.id, scan));
  const row = await lockRequest(tx, request);
  await writeRequestEvent(tx, row, { kind: "scanned", actor: null, now, facts: { scan, ...scanned } });
  if (row.state !== "verifying") return scanned;
  if (listed) {
    const guard = { remainderListed: true };
    await moveRequest(tx, row, "finish_verification", { actor: null, now, guard, set: { problem: null } });
  } else {
    const { privacyRequest } = schema;
    await tx
      .update(privacyRequest)
      .set({ problem: tellRemainder(places) })
      .where(eq(privacyRequest.id, request));
  }
  return scanned;
}

/** It failed, and the request waits for somebody to resume it. */
export async function failScan(
  tx: Tx,
  job: JobContext,
  request: string,
  scan: string,
  thrown: unknown,
): Promise<void> {
  const { code } = toAppError(thrown);
  await tx
    .update(schema.requestScan)
    .set({ state: "failed", endedAt: job.now() })
    .where(eq(schema.requestScan.id, scan));
  await failRequest(tx, job, request, ["verifying"], { code });
}
