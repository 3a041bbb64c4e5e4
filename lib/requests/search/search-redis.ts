import type { Cluster, Redis } from "ioredis";
import { decodeEntry } from "../../audit-db/cache/codec.ts";
import type { RedisCache } from "../../audit-db/cache/redis/redis-cache.ts";
import { nothingFound, type SearchFound } from "./steps.ts";

type Matches = (text: string) => boolean;
type Ask = <T>(command: () => Promise<T>) => Promise<T>;

/** A value of a megabyte takes a moment; a server that is frozen never answers. */
const answeredWithinMs = 10_000;

/**
 * Everything of ours in Redis, by SCAN: names of keys and what stands under them, answers as they were before they were packed.
 * @throws AppError UNAVAILABLE once it does not answer
 */
export async function searchRedis(
  { client, demand }: Pick<RedisCache, "client" | "demand">,
  key: string,
  matches: Matches,
): Promise<SearchFound> {
  const ask: Ask = (command) => demand(command, answeredWithinMs);
  const found: SearchFound = { ...structuredClone(nothingFound), key };
  const nodes = client.isCluster ? (client as Cluster).nodes("master") : [client as Redis];
  for (const node of nodes) {
    let cursor = "0";
    do {
      const [next, names] = await ask(() => node.scan(cursor, "MATCH", "audit-db:*", "COUNT", 500));
      cursor = next;
      for (const name of names) {
        found.looked++;
        if (matches(name) || (await textsOf(ask, node, name)).some(matches)) found.found++;
      }
    } while (cursor !== "0");
  }
  return found;
}

async function textsOf(ask: Ask, node: Redis, name: string): Promise<string[]> {
  switch (await ask(() => node.type(name))) {
    case "string":
      return textOf(await ask(() => node.getBuffer(name)));
    case "hash":
      return Object.entries(await ask(() => node.hgetall(name))).flat();
    case "set":
      return ask(() => node.smembers(name));
    case "zset":
      return ask(() => node.zrange(name, "0", "-1"));
    case "list":
      return ask(() => node.lrange(name, "0", "-1"));
    default:
      return [];
  }
}

async function textOf(bytes: Buffer | null): Promise<string[]> {
  if (bytes === null) return [];
  const entry = await decodeEntry(bytes);
  return [bytes.toString("utf8"), ...(entry ? [textOfValue(entry.value)] : [])];
}

/** Answers hold big integers, dates and maps. */
function textOfValue(value: unknown): string {
  return JSON.stringify(value, (_name, part: unknown) => {
    if (typeof part === "bigint") return String(part);
    return Object.prototype.toString.call(part) === "[object Map]"
      ? [...(part as Map<unknown, unknown>)]
      : part;
  });
}
