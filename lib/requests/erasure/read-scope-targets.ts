import { eq } from "drizzle-orm";
import type { Queryable } from "../../db/console-db.ts";
import { schema } from "../../db/schema.ts";
import type { RequestRow } from "../read-request.ts";
import type { ScopeTarget } from "../scope-types.ts";

/** What was counted by the scope that a request's decision rests on; none where it was never counted. */
export async function readScopeTargets(
  db: Queryable,
  { scopeId }: Pick<RequestRow, "scopeId">,
): Promise<ScopeTarget[]> {
  if (scopeId === null) return [];
  const { requestScope } = schema;
  const [row] = await db
    .select({ targets: requestScope.targets })
    .from(requestScope)
    .where(eq(requestScope.id, scopeId));
  return (row?.targets ?? []) as ScopeTarget[];
}
