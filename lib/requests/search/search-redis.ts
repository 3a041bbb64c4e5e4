import type { Cluster, Redis } from "ioredis";
import { decodeEntry } from "../../audit-db/cache/codec.ts";
import type { RedisClient } from "../../audit-db/cache/redis/connect-redis.ts";
import { nothingFound, type SearchFound } from "./steps.ts";

type Matches = (text: string) => boolean;

/** Everything of ours in Redis, by SCAN: names of keys and what stands under them, answers as they were before they were packed. */
export async function searchRedis(client: RedisClient, key: string, matches: Matches): Promise<SearchFound> {
  const found: SearchFound = { ...structuredClone(nothingFound), key };
  const nodes = client.isCluster ? (client as Cluster).nodes("master") : [client as Redis];
  for (const node of nodes) {
    let cursor = "0";
    do {
      const [next, names] = await node.scan(cursor, "MATCH", "audit-db:*", "COUNT", 500);
      cursor = next;
      for (const name of names) {
        found.looked++;
        if (matches(name) || (await textsOf(node, name)).some(matches)) found.found++;
      }
    } while (cursor !== "0");
  }
  return found;
}

async function textsOf(node: Redis, name: string): Promise<string[]> {
  switch (await node.type(name)) {
    case "string":
      return textOf(await node.getBuffer(name));
    case "hash":
      return Object.entries(await node.hgetall(name)).flat();
    case "set":
      return node.smembers(name);
    case "zset":
      return node.zrange(name, "0", "-1");
    case "list":
      return node.lrange(name, "0", "-1");
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
