import { findExcessRights } from "../audit-db/schema/explain-rights.ts";
import type { AuditDb } from "../audit-db/types.ts";
import type { ExplainAnswer } from "../capability-facts.ts";
import { toAppError } from "../errors.ts";

/** Signs in with the explain role and looks at its rights; nothing is planned. Kept for a minute. */
export async function askExplainRole(audit: AuditDb): Promise<ExplainAnswer> {
  try {
    const { data } = await audit.read({
      name: "capabilities.explain",
      ttlMs: 60_000,
      source: "pg_shdepend, pg_roles",
      run: () => audit.use("explain", "capabilities.explain", findExcessRights),
    });
    return { problem: null, excess: data };
  } catch (thrown) {
    return { problem: toAppError(thrown).message };
  }
}
