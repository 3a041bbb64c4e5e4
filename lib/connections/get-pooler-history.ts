import type { SeriesHistory } from "../collector/types.ts";
import { type RangeInput, type ReadContext, resolveRange } from "../read.ts";
import type { Observed, Unavailable } from "../result.ts";
import { poolerSeries } from "./sample-pooler.ts";

const notConfigured: Unavailable = {
  code: "not_configured",
  reason: "No pooler is named for this target.",
  enable: "AUDIT_POOLER_URL=postgres://stats_user@pooler-host:6432/pgbouncer",
};

/**
 * Clients and server connections of the target's PgBouncer over time, from what the collector wrote. The newest
 * figures are at most 10 s old: people who watch never ask the pooler themselves.
 */
export async function getPoolerHistory(
  context: Pick<ReadContext, "audit" | "history" | "now">,
  range: RangeInput,
  poolerUrl: string | undefined,
): Promise<Observed<SeriesHistory>> {
  const names = poolerSeries.map((series) => series.name);
  const history = await context.history.totals(context.audit.target, names, resolveRange(range, context.now));
  const unavailable = poolerUrl ? undefined : notConfigured;
  return {
    data: history,
    observedAt: history.observedAt ?? context.now,
    source: "samples of PgBouncer's SHOW POOLS",
    countsSince: history.collectingSince,
    ...(unavailable && { unavailable }),
  };
}
