import type { Sql } from "postgres";
import type { AuditDb } from "../audit-db/types.ts";
import { lookAtLedger } from "./look.ts";

const withinMs = 3_600_000;

/**
 * A round of the duty: whether the target's log and the ledger agree, for every process that shows its events. A target
 * that is down has its own check, and is looked at when it is back.
 */
export async function keepLedger(
  { console, audit }: { console: Sql; audit: Pick<AuditDb, "use" | "target" | "status"> },
  signal: AbortSignal,
): Promise<void> {
  if (audit.status().state === "down") return;
  await audit.use(
    "read",
    "ledger.look",
    (log) => lookAtLedger({ console, target: audit.target, log, signal }),
    { signal, timeoutMs: withinMs },
  );
}
