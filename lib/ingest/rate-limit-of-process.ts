import { openSharedCache } from "../engines/open-shared-cache.ts";
import { env } from "../env.ts";
import { createRateLimit, type RateLimit } from "./limit-rate.ts";

const held = globalThis as typeof globalThis & { auditDashboardIngestLimit?: RateLimit };

/** This process's rate limit, one however many module instances ask. */
export function ingestRateLimit(): RateLimit {
  held.auditDashboardIngestLimit ??= createRateLimit(env().INGEST_EVENTS_PER_SECOND, openSharedCache());
  return held.auditDashboardIngestLimit;
}
