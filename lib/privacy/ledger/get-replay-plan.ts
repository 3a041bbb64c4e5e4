import type { AuditDb } from "../../audit-db/types.ts";
import { whileUp } from "../../audit-db/while-up.ts";
import type { ConsoleDb } from "../../db/console-db.ts";
import { compareLedger } from "../../ledger/compare.ts";
import { hasWork, planReplay, type ReplayPlan } from "../../ledger/replay/plan-replay.ts";
import type { Observed } from "../../result.ts";

export type PlannedReplay = ReplayPlan & {
  /** Whether a replay would change anything. */
  needed: boolean;
};

const withinMs = 300_000;

/**
 * What a replay would do on this target now. Compares all of the ledger with all receipts, and changes nothing.
 * @throws AppError UNAVAILABLE as soon as the target is known to be down
 */
export async function getReplayPlan(
  { sql }: Pick<ConsoleDb, "sql">,
  audit: Pick<AuditDb, "use" | "target" | "status" | "onStatus">,
  now: Date,
): Promise<Observed<PlannedReplay>> {
  const compared = await whileUp(audit, (signal) =>
    audit.use("read", "ledger.compare", (log) => compareLedger({ console: sql, target: audit.target, log }), {
      timeoutMs: withinMs,
      signal,
    }),
  );
  const plan = await planReplay(sql, audit.target, compared);
  return {
    data: { ...plan, needed: hasWork(plan) },
    observedAt: now,
    source: "privacy_ledger (console), audit_log",
  };
}
