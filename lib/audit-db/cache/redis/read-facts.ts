import type { Cluster, Redis } from "ioredis";
import type { RedisFacts } from "../types.ts";
import type { RedisClient } from "./connect-redis.ts";

/** The server's limits and use from INFO; a cluster's nodes added up. */
export async function readFacts(client: RedisClient): Promise<RedisFacts> {
  const nodes = client.isCluster ? (client as Cluster).nodes("master") : [client as Redis];
  const replies = await Promise.all(nodes.map((node) => node.info()));
  const all = replies.map(parseInfo);
  const sum = (name: string) => all.reduce((total, info) => total + Number(info[name] ?? 0), 0);
  const [first = {}] = all;
  return {
    version: first.redis_version ?? "unknown",
    mode: first.redis_mode ?? "unknown",
    usedBytes: sum("used_memory"),
    // One node without a limit is no limit.
    maxBytes: all.some((info) => Number(info.maxmemory ?? 0) === 0) ? 0 : sum("maxmemory"),
    policy: first.maxmemory_policy ?? "unknown",
    evictedKeys: sum("evicted_keys"),
    rejectedConnections: sum("rejected_connections"),
    hits: sum("keyspace_hits"),
    misses: sum("keyspace_misses"),
    clients: sum("connected_clients"),
    uptimeSeconds: Math.min(...all.map((info) => Number(info.uptime_in_seconds ?? 0))),
  };
}

function parseInfo(text: string): Record<string, string> {
  return Object.fromEntries(
    text
      .split("\r\n")
      .filter((line) => line.includes(":"))
      .map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 1)]),
  );
}
