import type { Sql } from "postgres";
import type { RedisCache } from "../../audit-db/cache/redis/redis-cache.ts";
import { openSharedCache } from "../../engines/open-shared-cache.ts";
import type { InstanceReport } from "../types.ts";

const silentAfterSeconds = 20;
const removedAfterSeconds = 3_600;

/** What a process tells of itself; where it is put says when it was heard. */
export type InstanceNews = Omit<InstanceReport, "heartbeatAt" | "silent">;

/** Where processes tell each other how they fare. Ages are counted by the board's own clock. */
export interface InstanceBoard {
  put(news: InstanceNews): Promise<void>;
  remove(instanceId: string): Promise<void>;
  /** Every process that reported within the hour. */
  list(): Promise<InstanceReport[]>;
  /** Forgets processes that have been silent for an hour. */
  tidy(): Promise<void>;
}

/** The board: Redis where it is configured, and the console database where it is not or is away. */
export function instanceBoard(sql: Sql): InstanceBoard {
  const shared = openSharedCache();
  return shared ? redisBoard(shared, consoleBoard(sql)) : consoleBoard(sql);
}

/** In `history.instance` of the console database. */
export function consoleBoard(sql: Sql): InstanceBoard {
  return {
    async put({ instanceId, kind, host, pid, startedAt, session, engines }) {
      await sql`
        insert into history.instance (instance_id, kind, host, pid, started_at, heartbeat_at, session, engines)
        values (${instanceId}, ${kind}, ${host}, ${pid}, ${startedAt}, clock_timestamp(), ${session ?? null},
                ${sql.json(engines as never)})
        on conflict (instance_id) do update
          set heartbeat_at = excluded.heartbeat_at, session = excluded.session, engines = excluded.engines`;
    },
    async remove(instanceId) {
      await sql`delete from history.instance where instance_id = ${instanceId}`;
    },
    async list() {
      const instances = await sql<InstanceReport[]>`
        select instance_id as "instanceId", kind, host, pid, started_at as "startedAt",
               heartbeat_at as "heartbeatAt", session, engines,
               heartbeat_at < clock_timestamp() - make_interval(secs => ${silentAfterSeconds}) as silent
        from history.instance
        where heartbeat_at >= clock_timestamp() - make_interval(secs => ${removedAfterSeconds})`;
      return [...instances];
    },
    async tidy() {
      await sql`
        delete from history.instance
        where heartbeat_at < clock_timestamp() - make_interval(secs => ${removedAfterSeconds})`;
    },
  };
}

const boardKey = "audit-db:instances";
const newsKey = (instanceId: string) => `audit-db:instance:${instanceId}`;
const patientMs = 1_000;

/** In Redis: each process's news under a key that ends after an hour, and a sorted set of when they were heard. */
export function redisBoard(shared: Pick<RedisCache, "attempt">, fallback: InstanceBoard): InstanceBoard {
  return {
    async put(news) {
      const put = await shared.attempt(async (redis) => {
        const heardMs = timeOf(await redis.time());
        // In this order: a process that ends in between is on the board with what it told before, not with news nobody lists.
        await redis.zadd(boardKey, heardMs, news.instanceId);
        await redis.expire(boardKey, removedAfterSeconds);
        await redis.set(newsKey(news.instanceId), JSON.stringify(news), "EX", removedAfterSeconds);
        return true;
      }, patientMs);
      if (!put) await fallback.put(news);
    },
    async remove(instanceId) {
      await shared.attempt(
        (redis) => Promise.all([redis.del(newsKey(instanceId)), redis.zrem(boardKey, instanceId)]),
        patientMs,
      );
      await fallback.remove(instanceId);
    },
    async list() {
      const [there, elsewhere] = await Promise.all([
        shared.attempt(async (redis): Promise<InstanceReport[]> => {
          const nowMs = timeOf(await redis.time());
          const heard = await redis.zrange(
            boardKey,
            nowMs - removedAfterSeconds * 1_000,
            "+inf",
            "BYSCORE",
            "WITHSCORES",
          );
          const ids = heard.filter((_, i) => i % 2 === 0);
          const texts = await Promise.all(ids.map((id) => redis.get(newsKey(id))));
          return texts.flatMap((text, i) => (text ? [listed(text, Number(heard[2 * i + 1]), nowMs)] : []));
        }, patientMs),
        fallback.list(),
      ]);
      const newest = new Map<string, InstanceReport>();
      for (const instance of [...elsewhere, ...(there ?? [])]) {
        const known = newest.get(instance.instanceId);
        if (!known || isNewer(instance, known)) newest.set(instance.instanceId, instance);
      }
      return [...newest.values()];
    },
    async tidy() {
      await shared.attempt(async (redis) => {
        const nowMs = timeOf(await redis.time());
        return redis.zremrangebyscore(boardKey, "-inf", nowMs - removedAfterSeconds * 1_000);
      }, patientMs);
      await fallback.tidy();
    },
  };
}

/** One that was told before Redis was there may know no session yet. Boards have clocks of their own, so silence counts first. */
function isNewer(one: InstanceReport, other: InstanceReport): boolean {
  return one.silent === other.silent ? one.heartbeatAt > other.heartbeatAt : !one.silent;
}

function listed(text: string, heardMs: number, nowMs: number): InstanceReport {
  const { startedAt, ...news } = JSON.parse(text) as Omit<InstanceNews, "startedAt"> & { startedAt: string };
  return {
    ...news,
    startedAt: new Date(startedAt),
    heartbeatAt: new Date(heardMs),
    silent: nowMs - heardMs > silentAfterSeconds * 1_000,
  };
}

/** TIME answers seconds and microseconds. */
function timeOf(reply: (string | number)[]): number {
  return Number(reply[0]) * 1_000 + Math.floor(Number(reply[1]) / 1_000);
}
