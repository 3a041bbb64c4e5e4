import type { ReservedSession } from "../audit-db/pool/reserve.ts";
import type { AuditDb } from "../audit-db/types.ts";
import type { SettledStep } from "./attempt-step.ts";
import { blockerWords, findBlockers } from "./find-blockers.ts";
import type { CarriedPlan, PlannedStep } from "./types.ts";

/** Who held the lock that a step did not get, as it stands right after; any other outcome as it is. */
export async function explainContended(
  audit: Pick<AuditDb, "use">,
  { lockTimeoutMs }: Pick<CarriedPlan, "lockTimeoutMs">,
  step: PlannedStep,
  settled: SettledStep,
  session: ReservedSession,
): Promise<SettledStep> {
  if (settled.outcome !== "contended") return settled;
  const found = await audit.use("watch", "partitions.blockers", (sql) =>
    findBlockers(sql, step.locks, session.backend.pid),
  );
  const who = found.slice(0, 3).map(blockerWords).join("; ");
  const waited = `No lock within ${lockTimeoutMs} ms`;
  return {
    ...settled,
    why: who === "" ? `${waited}; whoever held it has gone since.` : `${waited}: ${who}.`,
  };
}
