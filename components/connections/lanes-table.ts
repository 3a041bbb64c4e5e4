import { historyTable } from "@/components/charts/history-table.ts";
import type { FigureTable } from "@/lib/client/csv.ts";
import type { SeriesHistory } from "@/lib/collector/types.ts";

const columns = [
  { name: "pools.active", label: "pools in use" },
  { name: "pools.idle", label: "pools idle" },
  { name: "pools.waiting", label: "pools waiting" },
  { name: "pools.acquireP95Ms", label: "slowest pool's p95" },
  { name: "pooler.active", label: "pooler served" },
  { name: "pooler.waiting", label: "pooler waiting" },
  { name: "connections.active", label: "server active" },
  { name: "connections.waiting", label: "of these waiting" },
  { name: "connections.blocked", label: "for a lock" },
  { name: "connections.idleInTransaction", label: "idle in transaction" },
  { name: "connections.idle", label: "idle" },
  { name: "connections.total", label: "server in use" },
];

/** All lanes as one table, a row a step; a pooler that is not there has no columns. */
export function lanesTable(
  server: SeriesHistory,
  pools: SeriesHistory | undefined,
  pooler: SeriesHistory | undefined,
): FigureTable {
  const series = { ...pooler?.series, ...pools?.series, ...server.series };
  const units = { ...pooler?.units, ...pools?.units, ...server.units };
  const known = columns.filter(({ name }) => (series[name] ?? []).some(([, value]) => value !== null));
  return historyTable({ ...server, series, units }, known);
}
