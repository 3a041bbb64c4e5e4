import { queryCacheSampler } from "../answers/sample-query-cache.ts";
import { redisSampler } from "../answers/sample-redis.ts";
import { sharedCacheSampler } from "../answers/sample-shared-cache.ts";
import { checkpointSampler } from "../buffers/sample-checkpoints.ts";
import { ioObjectSampler, ioSampler } from "../buffers/sample-io.ts";
import { walSampler } from "../buffers/sample-wal.ts";
import type { Sampler } from "../collector/types.ts";
import { databaseSampler } from "../workload/sample-database.ts";

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
