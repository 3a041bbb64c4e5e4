import type { AuditDb } from "../audit-db/types.ts";
import type { Capability } from "../capability.ts";
import type { ConfiguredFeatures } from "../capability-facts.ts";
import { AppError } from "../errors.ts";
import { askExplainRole } from "../queries/ask-explain-role.ts";
import type { Observed } from "../result.ts";
import { getServerFeatures } from "./get-server-features.ts";
import { listCapabilities } from "./list-capabilities.ts";

export interface Capabilities {
  target: string;
  capabilities: Capability[];
  present: number;
  missing: number;
  unknown: number;
}

/**
 * What the console can do on a target and what is missing for the rest, each with its evidence and the
 * SQL that would enable it. Answers while the target is down too: what could not be asked is `unknown`.
 */
export async function getCapabilities(
  audit: AuditDb,
  configured: ConfiguredFeatures,
  now: Date,
): Promise<Observed<Capabilities>> {
  const features = await getServerFeatures(audit).catch(nullWhenDown);
  const server = features ? await audit.server().catch(nullWhenDown) : null;
  const capabilities = listCapabilities({
    status: audit.status(),
    nodes: audit.nodes(),
    configured,
    purposes: {
      write: audit.can("write"),
      maintenance: audit.can("maintenance"),
      privacy: audit.can("privacy"),
    },
    explain: audit.can("explain") ? await askExplainRole(audit) : null,
    server,
    features: features?.data ?? null,
  });
  const count = (state: string) => capabilities.filter((c) => c.state === state).length;
  return {
    data: {
      target: audit.target,
      capabilities,
      present: count("present"),
      missing: count("missing"),
      unknown: count("unknown"),
    },
    observedAt: features?.observedAt ?? now,
    source: features?.source ?? "configuration",
    ...(features?.stale && { stale: features.stale }),
  };
}

function nullWhenDown(error: unknown): null {
  if (error instanceof AppError && error.retryable) return null;
  throw error;
}
