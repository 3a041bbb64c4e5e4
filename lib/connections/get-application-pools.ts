import type { PoolStats } from "../audit-db/pool/types.ts";
import type { InstanceReport } from "../collector/types.ts";
import type { ReadContext } from "../read.ts";
import type { Observed } from "../result.ts";
import type { ApplicationPools, InstancePools, PurposePools } from "./types.ts";

/** The console's own connection pools on this target, of every process, from the processes' reports. */
export async function getApplicationPools(
  context: Pick<ReadContext, "audit" | "instances" | "now">,
): Promise<Observed<ApplicationPools>> {
  const { target } = context.audit;
  const reports = await context.instances();
  const instances = reports
    .flatMap((report) => describeInstance(report, target))
    .sort((a, b) => a.kind.localeCompare(b.kind) || a.host.localeCompare(b.host) || a.pid - b.pid);
  const heartbeats = instances.map((instance) => instance.heartbeatAt.getTime());
  return {
    data: { instances, byPurpose: addUp(instances) },
    observedAt: heartbeats.length > 0 ? new Date(Math.max(...heartbeats)) : context.now,
    source: "the console's own pools",
  };
}

function describeInstance(report: InstanceReport, target: string): InstancePools[] {
  const engine = report.engines[target];
  if (!engine) return [];
  const { instanceId, kind, host, pid, startedAt, heartbeatAt, silent } = report;
  return [
    {
      instanceId,
      kind,
      host,
      pid,
      startedAt,
      heartbeatAt,
      silentSince: silent ? heartbeatAt : null,
      pools: engine.pools,
    },
  ];
}

/** A silent process's pools are left out: nobody knows whether they still exist. */
function addUp(instances: readonly InstancePools[]): PurposePools[] {
  const alive = instances
    .filter((instance) => !instance.silentSince)
    .flatMap(({ instanceId, pools }) => pools.map((pool) => ({ instanceId, ...pool })));
  return [...Map.groupBy(alive, ({ purpose }) => purpose)].map(([purpose, pools]) => {
    const sum = (
      field:
        | "max"
        | "total"
        | "active"
        | "idle"
        | "connecting"
        | "waiting"
        | "acquired"
        | "timedOut"
        | "rejected"
        | "failed",
    ) => pools.reduce((total, pool) => total + pool[field], 0);
    const worst = (field: keyof PoolStats["acquireMs"]) =>
      Math.max(...pools.map((pool) => pool.acquireMs[field]));
    return {
      purpose,
      instances: new Set(pools.map(({ instanceId }) => instanceId)).size,
      max: sum("max"),
      total: sum("total"),
      active: sum("active"),
      idle: sum("idle"),
      connecting: sum("connecting"),
      waiting: sum("waiting"),
      acquired: sum("acquired"),
      timedOut: sum("timedOut"),
      rejected: sum("rejected"),
      failed: sum("failed"),
      worstAcquireMs: { p50: worst("p50"), p95: worst("p95"), p99: worst("p99"), max: worst("max") },
    };
  });
}
