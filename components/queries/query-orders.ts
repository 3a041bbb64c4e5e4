import type { Unit } from "@/lib/collector/types.ts";
import type { QueryOrder } from "@/lib/queries/top-query.ts";

interface OrderWords {
  /** Of the button. */
  name: string;
  /** Of the column. */
  header: string;
  unit: Unit;
  /** Unit of the sparkline's points. */
  rateUnit: Unit;
  /** What the figure is. */
  help: string;
}

/** The seven ways to rank statements, in the order they are offered. */
export const queryOrders: Record<QueryOrder, OrderWords> = {
  totalTime: {
    name: "Time",
    header: "Time",
    unit: "ms",
    rateUnit: "msPerSecond",
    help: "Execution time of all calls together",
  },
  mean: {
    name: "Mean",
    header: "Mean",
    unit: "ms",
    rateUnit: "msPerSecond",
    help: "Execution time of one call on average",
  },
  calls: { name: "Calls", header: "Calls", unit: "count", rateUnit: "perSecond", help: "Times executed" },
  rows: {
    name: "Rows",
    header: "Rows",
    unit: "count",
    rateUnit: "perSecond",
    help: "Rows returned or changed by all calls together",
  },
  io: {
    name: "IO",
    header: "Blocks read",
    unit: "count",
    rateUnit: "perSecond",
    help: "Blocks that were not in shared_buffers; the system's own cache may have had them",
  },
  temp: {
    name: "Temp",
    header: "Temp blocks",
    unit: "count",
    rateUnit: "perSecond",
    help: "Blocks written to temporary files because work_mem was too small",
  },
  wal: {
    name: "WAL",
    header: "WAL",
    unit: "bytes",
    rateUnit: "bytesPerSecond",
    help: "Write-ahead log made",
  },
};

export const queryOrderNames = Object.keys(queryOrders) as [QueryOrder, ...QueryOrder[]];
