import { desc, eq } from "drizzle-orm";
import type { ConsoleDb } from "../../db/console-db.ts";
import { schema } from "../../db/schema.ts";
import { toAppError } from "../../errors.ts";
import { requireRequest } from "../read-request.ts";
import type { RequestScope, ScopeTarget } from "../scope-types.ts";
import { findStale } from "./find-stale.ts";

/**
 * The newest scope of a request; null before the first. Whether it is of what there is now is asked of the targets, for the
 * one that a decision would rest on. @throws AppError NOT_FOUND
 */
export async function getScope(console: ConsoleDb, request: number, now: Date): Promise<RequestScope | null> {
  const { requestScope } = schema;
  const row = await requireRequest(console.db, request);
  const [found] = await console.db
    .select()
    .from(requestScope)
    .where(eq(requestScope.requestId, row.id))
    .orderBy(desc(requestScope.beganAt))
    .limit(1);
  if (!found) return null;
  const { id, state, jobId, beganAt, madeAt, targets } = found;
  const asked = state === "done" && id === row.scopeId && row.sealed !== null;
  const stale = asked
    ? await findStale({ console, now }, row).catch((thrown) => [toAppError(thrown).message])
    : [];
  return {
    id,
    state,
    jobId,
    beganAt: beganAt.toISOString(),
    madeAt: madeAt?.toISOString() ?? null,
    fresh: asked ? stale.length === 0 : null,
    stale,
    targets: (targets as ScopeTarget[] | null) ?? [],
  };
}
