import type { AuditDb } from "../audit-db/types.ts";
import type { ObjectSample, SeriesDefinition } from "../collector/types.ts";
import { getTopology } from "./get-topology.ts";

/** WAL that has not passed each stage on its way, and how old it is; `lagBytes` and `lagSeconds` are those of replay. */
export const standbyMetrics: SeriesDefinition[] = [
  { name: "sentLagBytes", kind: "gauge", unit: "bytes" },
  { name: "writtenLagBytes", kind: "gauge", unit: "bytes" },
  { name: "flushedLagBytes", kind: "gauge", unit: "bytes" },
  { name: "lagBytes", kind: "gauge", unit: "bytes" },
  { name: "writtenLagSeconds", kind: "gauge", unit: "seconds" },
  { name: "flushedLagSeconds", kind: "gauge", unit: "seconds" },
  { name: "lagSeconds", kind: "gauge", unit: "seconds" },
];

/** Each standby by its key in the topology. One that is down or not connected has no figures: a gap, not a zero. */
export async function sampleStandbys(audit: AuditDb): Promise<ObjectSample[]> {
  const { data } = await getTopology(audit);
  return data
    .filter(({ role, node }) => role === "standby" && node?.state !== "down")
    .map(({ key, standby, lagBytes, lagSeconds }) => ({
      key,
      values: {
        sentLagBytes: standby?.sentLagBytes ?? null,
        writtenLagBytes: standby?.writtenLagBytes ?? null,
        flushedLagBytes: standby?.flushedLagBytes ?? null,
        lagBytes,
        writtenLagSeconds: standby?.writtenLagSeconds ?? null,
        flushedLagSeconds: standby?.flushedLagSeconds ?? null,
        lagSeconds,
      },
    }));
}

/** What each is called by the server that feeds it, kept for when it can be asked no longer. */
export async function labelStandbys(
  audit: AuditDb,
  keys: readonly string[],
): Promise<Record<string, { name: string }>> {
  const { data } = await getTopology(audit);
  const named = data.filter(({ key, name }) => keys.includes(key) && name !== key);
  return Object.fromEntries(named.map(({ key, name }) => [key, { name }]));
}
