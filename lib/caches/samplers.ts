import type { Sampler } from "../collector/types.ts";
import { checkpointSampler } from "./sample-checkpoints.ts";
import { databaseSampler } from "./sample-database.ts";
import { ioObjectSampler, ioSampler } from "./sample-io.ts";
import { queryCacheSampler } from "./sample-query-cache.ts";
import { redisSampler } from "./sample-redis.ts";
import { sharedCacheSampler } from "./sample-shared-cache.ts";
import { walSampler } from "./sample-wal.ts";

export const cachesSamplers: Sampler[] = [
  databaseSampler,
  ioSampler,
  ioObjectSampler,
  walSampler,
  checkpointSampler,
  queryCacheSampler,
  sharedCacheSampler,
  redisSampler,
];
