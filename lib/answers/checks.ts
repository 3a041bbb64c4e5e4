import type { Check } from "../check.ts";
import { queryCacheDrop, redisDrop } from "./check-drop.ts";
import { redisAway } from "./check-redis-away.ts";
import { redisMemory, redisNoeviction, redisUnlimited } from "./check-redis-memory.ts";
import { redisRejects } from "./check-redis-rejects.ts";

export const answersChecks: readonly Check[] = [
  queryCacheDrop,
  redisDrop,
  redisAway,
  redisMemory,
  redisUnlimited,
  redisNoeviction,
  redisRejects,
];
