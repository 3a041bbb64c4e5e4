import type { Sampler } from "../collector/types.ts";
import { queryCacheSampler } from "./sample-query-cache.ts";
import { redisSampler } from "./sample-redis.ts";
import { sharedCacheSampler } from "./sample-shared-cache.ts";

export const answersSamplers: Sampler[] = [queryCacheSampler, sharedCacheSampler, redisSampler];
