import type { QueryCache, SharedCounts } from "@/lib/answers/query-cache-types.ts";
import type { FigureTable } from "@/lib/client/csv.ts";

const counts: [keyof SharedCounts, string][] = [
  ["hits", "found there, also when too old"],
  ["misses", "not found there"],
  ["waited", "taken from another process's run"],
  ["writes", "stored"],
  ["plainBytes", "stored, bytes before compression"],
  ["storedBytes", "stored, bytes after compression"],
  ["refused", "too large to be shared"],
  ["timeouts", "gave up after 100 ms"],
  ["errors", "failed or refused by Redis"],
  ["skipped", "not asked while it was away"],
];

/** Every figure of the panel with its name, for the table view and the CSV. */
export function redisTable(redis: QueryCache["redis"]): FigureTable {
  const columns = [{ label: "figure" }, { label: "value" }];
  if ("code" in redis) return { columns, rows: [["state", redis.reason]] };
  const { server } = redis;
  return {
    columns,
    rows: [
      ["state", redis.state],
      ["since", redis.since],
      ["answered", redis.answered],
      ...counts.map(([name, label]) => [label, redis[name]]),
      ["version", server?.version],
      ["memory used, bytes", server?.usedBytes],
      ["maxmemory, bytes", server ? server.maxBytes || "no limit" : null],
      ["maxmemory-policy", server?.policy],
      ["keys evicted", server?.evictedKeys],
      ["connections refused", server?.rejectedConnections],
    ],
  };
}
