import type { Sampler } from "../collector/types.ts";
import { getReplicationStatus } from "./get-replication-status.ts";
import { labelStandbys, sampleStandbys, standbyMetrics } from "./sample-standbys.ts";
import { standbySampler } from "./standby-name.ts";

/** Last known figures are no sample of this moment. */
const noValues: { values: Record<string, number | null> } = { values: {} };

export const replicationSamplers: Sampler[] = [
  {
    form: "totals",
    name: "replication",
    everySeconds: 10,
    series: [
      { name: "replication.standbys", kind: "gauge", unit: "count" },
      { name: "replication.maxLagBytes", kind: "gauge", unit: "bytes" },
      { name: "replication.maxLagSeconds", kind: "gauge", unit: "seconds" },
    ],
    sample: async (audit) => {
      const { data, stale } = await getReplicationStatus(audit);
      if (stale) return noValues;
      return {
        values: {
          "replication.standbys": data.standbys.length,
          "replication.maxLagBytes": data.maxLagBytes,
          "replication.maxLagSeconds": data.maxLagSeconds,
        },
      };
    },
  },
  {
    form: "objects",
    name: standbySampler,
    everySeconds: 10,
    metrics: standbyMetrics,
    rankBy: "lagBytes",
    sample: sampleStandbys,
    label: labelStandbys,
  },
];
