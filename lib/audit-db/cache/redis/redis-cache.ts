import { randomUUID } from "node:crypto";
import { decodeEntry, encodeEntry } from "../codec.ts";
import {
  type Drop,
  everything,
  type SharedCache,
  type SharedCacheStats,
  type SharedEntry,
} from "../types.ts";
import { connectRedis, type RedisClient } from "./connect-redis.ts";
import { countContents, enterIndex, listKeys } from "./contents.ts";
import { createGuard } from "./guard.ts";
import { answerKey, channel, dropsKey } from "./keys.ts";
import { createWaiting, takeLead } from "./lead.ts";
import { listen } from "./listen.ts";
import { createMarks } from "./marks.ts";
import type { Message } from "./messages.ts";
import { readFacts } from "./read-facts.ts";

/** An answer that is still larger when compressed is not shared. */
const maxValueBytes = 1024 * 1024;
/** Longer than any answer lives. */
const marksKeptMs = 24 * 3_600_000;
const slowTimeoutMs = 1_000;

export interface RedisCache extends SharedCache {
  /** For what else of this process wants Redis; undefined answers while it is away. */
  readonly client: RedisClient;
  attempt<T>(command: (client: RedisClient) => Promise<T>, timeoutMs?: number): Promise<T | undefined>;
  /** The same for what cannot be done without. @throws AppError UNAVAILABLE with why */
  demand<T>(command: (client: RedisClient) => Promise<T>, timeoutMs?: number): Promise<T>;
}

/**
 * The second cache level in Redis, one a process: a connection for commands and one that listens, opened on first use.
 * Whatever is wrong with Redis costs one soft timeout (100 ms) and then nothing until it answers again.
 * @param url as `parseRedisUrl` reads it
 * @throws AppError BAD_INPUT for a malformed URL
 */
export function openRedisCache(url: string, options: { softTimeoutMs?: number } = {}): RedisCache {
  const { client, subscriber, close } = connectRedis(url);
  const guard = createGuard(client, options.softTimeoutMs);
  const marks = createMarks();
  const waiting = createWaiting();
  const listeners = new Set<(drop: Drop) => void>();
  const id = randomUUID();
  const counters = { hits: 0, misses: 0, writes: 0, refused: 0, plainBytes: 0, storedBytes: 0, waited: 0 };
  let listening: (() => void) | undefined;
  const tell = (drop: Drop) => {
    for (const listener of listeners) listener(drop);
  };

  function onMessage(message: Message): void {
    if (message.kind === "done") waiting.done(message.key);
    else {
      marks.set(message.marks);
      if (message.from !== id) tell(message.drop);
    }
  }

  /** The first question opens both connections and is not waited for. */
  function begin(): void {
    if (listening) return;
    listening = listen({
      subscriber,
      onMessage,
      onListening: async () => {
        const read = () => guard.demand((redis) => redis.hgetall(dropsKey), slowTimeoutMs);
        for (const missed of await marks.load(read)) tell(missed);
      },
      onDeaf: () => {
        marks.forget();
        waiting.end();
      },
    });
    void guard.attempt((redis) => redis.ping());
    if (subscriber !== client) subscriber.connect().catch(() => {});
  }

  async function get(key: string): Promise<SharedEntry | undefined> {
    begin();
    const found = await guard.attempt(async (redis) => ({ bytes: await redis.getBuffer(answerKey(key)) }));
    if (!found) return undefined;
    const entry = found.bytes ? await decodeEntry(found.bytes) : undefined;
    counters[entry ? "hits" : "misses"]++;
    return entry;
  }

  return {
    client,
    attempt: guard.attempt,
    demand: guard.demand,
    get,
    async set(key, entry, place) {
      const encoded = await encodeEntry(entry).catch(() => undefined);
      if (!encoded || encoded.bytes.length > maxValueBytes) {
        counters.refused++;
        return;
      }
      const { bytes, plainBytes } = encoded;
      const stored = await guard.attempt((redis) =>
        Promise.all([
          redis.set(answerKey(key), bytes, "PX", Math.ceil(place.ttlMs)),
          enterIndex(redis, key, place),
        ]),
      );
      if (!stored) return;
      counters.writes++;
      counters.plainBytes += plainBytes;
      counters.storedBytes += bytes.length;
    },
    stampOf(target, tags) {
      begin();
      return guard.up() ? marks.stampOf(target, tags) : undefined;
    },
    lead: (key, forMs) => takeLead(guard, key, forMs),
    async awaitAnswer(key, forMs, usable) {
      const done = waiting.wait(key, forMs);
      // It may have been done between the question and the waiting.
      const early = await get(key);
      if (!usable(early) && !(await done)) return undefined;
      const entry = usable(early) ? early : await get(key);
      if (!usable(entry)) return undefined;
      waiting.done(key);
      counters.waited++;
      return entry;
    },
    async publish(drop) {
      begin();
      const fields = marks.renew(drop);
      const message: Message = { kind: "drop", drop: mutable(drop), marks: fields, from: id };
      marks.set(fields);
      await guard.demand(async (redis) => {
        if (Object.keys(fields).length > 0)
          await Promise.all([redis.hset(dropsKey, fields), redis.pexpire(dropsKey, marksKeptMs)]);
        await redis.publish(channel, JSON.stringify(message));
        await unlink(redis, drop);
      }, slowTimeoutMs);
    },
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    contents: (target) => {
      begin();
      return guard.attempt((redis) => countContents(redis, target), slowTimeoutMs);
    },
    facts: () => {
      begin();
      return guard.attempt(readFacts, slowTimeoutMs);
    },
    stats: (): SharedCacheStats => ({ ...guard.counts(), ...counters }),
    async close() {
      listening?.();
      waiting.end();
      listeners.clear();
      guard.close();
      close();
    },
  };
}

/** Gives the room back at once; that nobody reads them any more the marks see to. */
async function unlink(redis: RedisClient, { target, tags, keys }: Drop): Promise<void> {
  const gone = [...(keys ?? [])];
  if (tags)
    for (const [name, found] of await listKeys(redis, target)) {
      const topic = name.split(".", 1)[0] ?? "";
      if (tags.includes(everything) || tags.includes(name) || tags.includes(topic)) gone.push(...found);
    }
  await Promise.all(gone.map((key) => redis.unlink(answerKey(key))));
}

function mutable({ target, tags, keys }: Drop): { target: string; tags?: string[]; keys?: string[] } {
  return { target, ...(tags && { tags: [...tags] }), ...(keys && { keys: [...keys] }) };
}
