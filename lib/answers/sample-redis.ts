import type { TotalsSampler } from "../collector/types.ts";
import { readRedisServer } from "./read-redis-server.ts";

const gauges = ["usedBytes", "maxBytes"] as const;
const counters = ["evictedKeys", "rejectedConnections"] as const;

/** Redis's own memory and refusals from INFO, every 10 s; a gap while it does not answer. */
export const redisSampler: { form: "totals" } & TotalsSampler = {
  form: "totals",
  name: "redis",
  everySeconds: 10,
  series: [
    ...gauges.map((name) => ({ name: `redis.${name}`, kind: "gauge", unit: "bytes" }) as const),
    ...counters.map((name) => ({ name: `redis.${name}`, kind: "counter", unit: "count" }) as const),
  ],
  sample: async () => {
    const server = await readRedisServer();
    if (!server?.current) return { values: {} };
    // No limit is no figure, rather than a limit of 0 bytes.
    const values = { ...server, maxBytes: server.maxBytes || null };
    return {
      values: Object.fromEntries([...gauges, ...counters].map((name) => [`redis.${name}`, values[name]])),
    };
  },
};
