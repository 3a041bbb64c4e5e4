import { z } from "zod";
import { count, instant, nullableNumber, nullableText, unavailable } from "../parts.ts";

const memory = {
  hits: count,
  misses: count.meta({ description: "Runs on the server" }),
  joined: count.meta({ description: "Joined a read under way" }),
  sharedHits: count.meta({ description: "Answered by the second level" }),
  revalidated: count.meta({ description: "Answered with the value before, while a new one was fetched" }),
  staleServed: count.meta({ description: "Old answers given while the source was down" }),
  evictions: count,
  refused: count.meta({ description: "Too large to be kept" }),
  entries: count,
  bytes: count,
  maxBytes: count,
};

const share = nullableNumber.meta({ description: "0 to 1; null when nothing was asked" });

const redisServer = z
  .object({
    version: z.string(),
    mode: z.string(),
    usedBytes: count,
    maxBytes: count.meta({ description: "0: no limit of its own" }),
    policy: z.string(),
    evictedKeys: count,
    rejectedConnections: count,
    hits: count,
    misses: count,
    clients: count,
    uptimeSeconds: count,
    observedAt: instant,
    current: z.boolean().meta({ description: "false: last known, Redis cannot be asked now" }),
  })
  .meta({ id: "RedisServer", description: "From INFO" });

const sharedLevel = z
  .object({
    state: z.enum(["up", "partly", "down", "connecting"]),
    since: instant.nullable(),
    reason: nullableText,
    processes: count,
    reaching: count,
    answered: count.meta({ description: "Reads it answered" }),
    share,
    hits: count.meta({ description: "Found there; may have been too old for who asked" }),
    misses: count,
    skipped: count.meta({ description: "Not asked, because it was away or had just failed" }),
    timeouts: count,
    errors: count,
    writes: count,
    refused: count.meta({ description: "Too large to be shared" }),
    plainBytes: count.meta({ description: "Stored, before compression" }),
    storedBytes: count.meta({ description: "Stored, after compression" }),
    waited: count.meta({ description: "Answers taken from another process's run" }),
    server: redisServer.nullable(),
    warnings: z.array(z.string()),
  })
  .meta({ id: "SharedCacheLevel", description: "Redis as all living processes see it, for every target" });

export const queryCacheAnswer = z
  .object({
    memory: z.object({ ...memory, instances: count, share }),
    perInstance: z.array(
      z.object({
        instanceId: z.string(),
        kind: z.string(),
        host: z.string(),
        pid: count,
        cache: z.object(memory),
      }),
    ),
    redis: z.union([sharedLevel, unavailable]),
  })
  .meta({ id: "QueryCache" });

export const cacheContentsAnswer = z
  .object({
    statements: z.array(
      z
        .object({
          name: z.string().meta({ description: "A tag: its answers can be dropped by it" }),
          topic: z.string().meta({ description: "A tag of all statements of the topic" }),
          entries: count,
          bytes: count,
          sharedEntries: count.nullable(),
          sharedBytes: count.nullable(),
          hits: count,
          sharedHits: count,
          misses: count,
          costMs: nullableNumber.meta({ description: "Mean time of a run" }),
          savedMs: nullableNumber.meta({ description: "An estimate: answered × mean time of a run" }),
        })
        .meta({ id: "CachedStatement" }),
    ),
    processes: count,
    shared: z.enum(["counted", "part", "away", "not_configured"]),
  })
  .meta({ id: "CacheContents" });
