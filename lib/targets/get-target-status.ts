import type { TargetStatus } from "../audit-db/target-facts.ts";
import type { AuditDb } from "../audit-db/types.ts";
import { env } from "../env.ts";
import type { Observed } from "../result.ts";

export interface TargetSummary extends TargetStatus {
  /** The embedded demo, whose events are made up. */
  demo: boolean;
  /** Null while it has never answered this process. */
  server: { version: string; database: string } | null;
}

/** Whether this process reaches the target, since when, and if not, why. Source: the engine's own probe. */
export async function getTargetStatus(audit: AuditDb): Promise<Observed<TargetSummary>> {
  const status = audit.status();
  const facts = status.state === "up" ? await audit.server() : null;
  const demo = env().targets.some((target) => target.name === audit.target && target.demo);
  return {
    data: { ...status, demo, server: facts && { version: facts.version, database: facts.database } },
    observedAt: new Date(),
    source: "engine probe",
  };
}
