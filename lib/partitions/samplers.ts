import type { Sampler } from "../collector/types.ts";
import { samplePartitions, samplePartitionTotals } from "./sample-partitions.ts";
import { sampleTables, tableMetrics } from "./sample-tables.ts";

/** What the collector records about tables and partitions. */
export const partitionsSamplers: Sampler[] = [
  {
    form: "totals",
    name: "partitions.totals",
    everySeconds: 600,
    series: [
      { name: "partitions.count", kind: "gauge", unit: "count" },
      { name: "partitions.totalBytes", kind: "gauge", unit: "bytes" },
      { name: "partitions.runwaySeconds", kind: "gauge", unit: "seconds" },
    ],
    sample: (audit) => samplePartitionTotals(audit),
  },
  {
    form: "objects",
    name: "partitions",
    everySeconds: 600,
    metrics: [
      { name: "bytes", kind: "gauge", unit: "bytes" },
      { name: "rows", kind: "gauge", unit: "count" },
      { name: "dead", kind: "gauge", unit: "count" },
    ],
    rankBy: "bytes",
    sample: samplePartitions,
  },
  {
    form: "objects",
    name: "tables",
    everySeconds: 60,
    metrics: tableMetrics,
    rankBy: "blksFetched",
    sample: sampleTables,
  },
];
