/** A table partitioned by time: how much of it lies in one partition and how long it is kept. */
export interface PartitionedTable {
  table: string;
  /** Partitions are aligned to multiples of this since the Unix epoch, in UTC. */
  intervalSeconds: number;
  keepSeconds: number;
}

const hour = 3_600;
const day = 86_400;

export const rawKeepSeconds = 48 * hour;
export const minuteKeepSeconds = 31 * day;
/** 13 months. */
export const hourKeepSeconds = 396 * day;

/** Raw data lies in 6 h pieces so that 48 h never holds more than 54 h. */
export const partitionedTables: readonly PartitionedTable[] = [
  { table: "total_raw", intervalSeconds: 6 * hour, keepSeconds: rawKeepSeconds },
  { table: "object_slot_raw", intervalSeconds: 6 * hour, keepSeconds: rawKeepSeconds },
  { table: "object_raw", intervalSeconds: 6 * hour, keepSeconds: rawKeepSeconds },
  { table: "total_minute", intervalSeconds: 4 * day, keepSeconds: minuteKeepSeconds },
  { table: "total_hour", intervalSeconds: 30 * day, keepSeconds: hourKeepSeconds },
  { table: "object_slot_hour", intervalSeconds: 30 * day, keepSeconds: hourKeepSeconds },
  { table: "object_hour", intervalSeconds: 30 * day, keepSeconds: hourKeepSeconds },
];

/** Objects kept per sampler and slot; the rest is added up as "others". */
export const keptObjects = 200;
