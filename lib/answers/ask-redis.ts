import { setTimeout as sleep } from "node:timers/promises";
import { connectRedis, type RedisConnections } from "../audit-db/cache/redis/connect-redis.ts";
import { readFacts } from "../audit-db/cache/redis/read-facts.ts";
import type { RedisAnswer } from "../capability-facts.ts";
import { toAppError } from "../errors.ts";

const withinMs = 1_000;

/** Asks Redis what it is on a connection of its own, for at most 1 s. */
export async function askRedis(url: string): Promise<RedisAnswer> {
  try {
    const connections = connectRedis(url);
    return await ask(connections).finally(connections.close);
  } catch (thrown) {
    const { code, message } = toAppError(thrown);
    return { problem: code === "BAD_INPUT" ? message : "it cannot be reached" };
  }
}

async function ask({ client }: RedisConnections): Promise<RedisAnswer> {
  const over = new AbortController();
  const answer = client.connect().then(async () => {
    await client.ping();
    return readFacts(client);
  });
  const facts = await Promise.race([answer, sleep(withinMs, null, { signal: over.signal })]).finally(() => {
    over.abort();
    // What is closed while it still connects fails, and nobody is left to hear of it.
    answer.catch(() => {});
  });
  if (!facts) return { problem: `nothing answered within ${withinMs / 1_000} s` };
  const { version, mode, maxBytes, policy } = facts;
  return { problem: null, version, mode, maxBytes, policy };
}
