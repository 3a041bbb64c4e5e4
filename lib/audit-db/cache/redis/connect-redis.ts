import { Cluster, Redis, type RedisOptions } from "ioredis";
import { parseRedisUrl, type RedisAddress } from "./redis-url.ts";

export type RedisClient = Redis | Cluster;

/** One connection for commands and one that listens; a cluster's client keeps both by itself. */
export interface RedisConnections {
  client: RedisClient;
  subscriber: RedisClient;
  close(): void;
}

const connectTimeoutMs = 2_000;
const longestRetryMs = 5_000;
const name = "audit-db-dashboard";

/**
 * Makes the clients and opens nothing yet. Commands fail at once while there is no connection, none is sent twice, and
 * connecting is tried again after 50 ms, 100 ms … 5 s.
 * @throws AppError BAD_INPUT for a malformed URL
 */
export function connectRedis(url: string): RedisConnections {
  const address = parseRedisUrl(url);
  const client = address.form === "cluster" ? openCluster(address) : openSingle(address);
  const subscriber = address.form === "cluster" ? client : openSingle(address);
  // Without a listener a refused connection would end the process; what fails is told by the guard.
  for (const one of [client, subscriber]) one.on("error", () => {});
  return {
    client,
    subscriber,
    close() {
      client.disconnect();
      subscriber.disconnect();
    },
  };
}

function openSingle(address: RedisAddress): Redis {
  const { hosts, db } = address;
  // Whoever listens subscribes again by itself. The client would not catch that its connection is gone once more, and
  // a rejection nobody handles ends the process.
  const common = {
    ...{ ...optionsOf(address), db, lazyConnect: true },
    ...{ enableOfflineQueue: false, autoResubscribe: false },
  };
  if (address.form === "sentinel")
    return new Redis({
      ...common,
      sentinels: hosts,
      name: address.masterName ?? "",
      ...(address.sentinelPassword && { sentinelPassword: address.sentinelPassword }),
      sentinelRetryStrategy: backOff,
    });
  const [first] = hosts;
  return new Redis({ ...common, host: first?.host ?? "localhost", port: first?.port ?? 6_379 });
}

function openCluster(address: RedisAddress): Cluster {
  return new Cluster(address.hosts, {
    lazyConnect: true,
    enableOfflineQueue: false,
    clusterRetryStrategy: backOff,
    slotsRefreshTimeout: connectTimeoutMs,
    // Certificates are in a node's name; the cluster tells addresses.
    ...(address.tls && { dnsLookup: (host, callback) => callback(null, host) }),
    redisOptions: optionsOf(address),
  });
}

function optionsOf({ tls, username, password }: RedisAddress) {
  return {
    connectionName: name,
    connectTimeout: connectTimeoutMs,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    // ioredis 6.0.0 moves every later answer of a batch to the caller before, and ends the process over the last one
    // (`results[i] is not iterable`), where a single command cannot be queued. A batch saved 5 µs of CPU a command.
    enableAutoPipelining: false,
    retryStrategy: backOff,
    // A fail-over leaves connections to a server that has become a replica.
    reconnectOnError: (error: Error) => error.message.startsWith("READONLY"),
    ...(tls && { tls: {} }),
    ...(username && { username }),
    ...(password && { password }),
  } satisfies RedisOptions;
}

function backOff(times: number): number {
  return Math.min(50 * 2 ** Math.min(times - 1, 10), longestRetryMs);
}
