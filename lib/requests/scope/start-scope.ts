import { eq } from "drizzle-orm";
import { uuidV7 } from "../../audit-db/append/uuid-v7.ts";
import { schema } from "../../db/schema.ts";
import type { VerbContext } from "../../verbs/admin-action.ts";
import type { RequestRow } from "../read-request.ts";
import { isThorough } from "./record-scope.ts";
import { scopeJob } from "./scope-job.ts";
import type { ScopeWitness } from "./witness.ts";

/**
 * Has a request that is being scoped counted, in the caller's transaction.
 * @param thorough whether all events are looked through for identifiers in clear; unless said, where something is to be erased
 * @returns ids of the scope and of its job
 */
export async function startScope(
  { tx, enqueue, now }: Pick<VerbContext, "tx" | "enqueue" | "now">,
  { id: requestId, number, kind }: Pick<RequestRow, "id" | "number" | "kind">,
  thorough = isThorough({ kind }),
): Promise<{ scopeId: string; jobId: string }> {
  const { requestScope, privacyRequest } = schema;
  const scopeId = uuidV7(now.getTime());
  const jobId = await enqueue(
    scopeJob,
    { request: requestId },
    { object: { type: "request", id: String(number) } },
  );
  await tx.insert(requestScope).values({
    id: scopeId,
    requestId,
    state: "running",
    beganAt: now,
    jobId,
    witness: { thorough, targets: [] } satisfies ScopeWitness,
  });
  await tx.update(privacyRequest).set({ jobId }).where(eq(privacyRequest.id, requestId));
  return { scopeId, jobId };
}
