import type { SharedContents, SharedPlace } from "../types.ts";
import type { RedisClient } from "./connect-redis.ts";
import { answerKey, indexKey, statementsKey } from "./keys.ts";

/** Of one statement; older ones are still found by their key, but not counted. */
const mostKeys = 1_000;
const mostCounted = 5_000;

/**
 * Notes where an answer stands, so that what Redis holds can be told and dropped without going through all its keys.
 * Commands of their own rather than a pipeline: a cluster has these keys on different nodes.
 */
export async function enterIndex(redis: RedisClient, key: string, place: SharedPlace): Promise<void> {
  const endsAt = Date.now() + place.ttlMs;
  const index = indexKey(place.target, place.name);
  const statements = statementsKey(place.target);
  await Promise.all([
    redis.zadd(index, endsAt, key),
    redis.zremrangebyscore(index, "-inf", Date.now()),
    redis.zremrangebyrank(index, 0, -mostKeys - 1),
    redis.pexpire(index, place.ttlMs),
    redis.zadd(statements, endsAt, place.name),
    redis.zremrangebyscore(statements, "-inf", Date.now()),
    redis.pexpire(statements, place.ttlMs),
  ]);
}

/** Keys of answers that are still there, by statement. */
export async function listKeys(redis: RedisClient, target: string): Promise<Map<string, string[]>> {
  const names = await redis.zrangebyscore(statementsKey(target), Date.now(), "+inf");
  const keys = await Promise.all(
    names.map((name) => redis.zrangebyscore(indexKey(target, name), Date.now(), "+inf")),
  );
  return new Map(names.map((name, i) => [name, keys[i] ?? []]));
}

/** Entries and their bytes by statement; what Redis has evicted meanwhile does not count. */
export async function countContents(redis: RedisClient, target: string): Promise<SharedContents> {
  const found = await listKeys(redis, target);
  let left = mostCounted;
  let truncated = false;
  const statements = await Promise.all(
    [...found].map(async ([name, keys]) => {
      const counted = keys.slice(0, Math.max(0, left));
      left -= counted.length;
      truncated ||= counted.length < keys.length;
      const sizes = await Promise.all(counted.map((key) => redis.strlen(answerKey(key))));
      const present = sizes.filter((size) => size > 0);
      return { name, entries: present.length, bytes: present.reduce((sum, size) => sum + size, 0) };
    }),
  );
  return { statements: statements.filter(({ entries }) => entries > 0), truncated };
}
