import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import type { Sql } from "postgres";
import type { EngineStats } from "../audit-db/types.ts";
import type { InstanceReport } from "./types.ts";

const publishEveryMs = 5_000;
/** Whose report is older counts as silent: its figures are no longer current. */
export const silentAfterSeconds = 20;
const removedAfterSeconds = 3_600;

/** An instance as it is listed: `silent` when its last report is older than 20 s. */
export type ListedInstance = InstanceReport & { silent: boolean };

export interface PublishOptions {
  sql: Sql;
  /** web, worker, demo or cli */
  kind: string;
  /** Target → its engine's statistics, read every 5 s. */
  engines: () => Record<string, EngineStats>;
  /** Told of a report that could not be stored; the next one is tried all the same. */
  onError?: (error: unknown) => void;
  everyMs?: number;
}

/**
 * Publishes this process's engine statistics to the console database every 5 s.
 * @returns stop, which also takes the process off the list.
 */
export function publishInstance(options: PublishOptions): () => Promise<void> {
  const { sql, kind } = options;
  const instanceId = randomUUID();
  const startedAt = new Date(Date.now() - process.uptime() * 1_000);
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let publishing = Promise.resolve();

  const publish = async () => {
    try {
      await sql`
        insert into history.instance (instance_id, kind, host, pid, started_at, heartbeat_at, engines)
        values (${instanceId}, ${kind}, ${hostname()}, ${process.pid}, ${startedAt}, clock_timestamp(),
                ${sql.json(options.engines() as never)})
        on conflict (instance_id) do update
          set heartbeat_at = excluded.heartbeat_at, engines = excluded.engines`;
    } catch (error) {
      options.onError?.(error);
    }
    if (stopped) return;
    timer = setTimeout(() => {
      publishing = publish();
    }, options.everyMs ?? publishEveryMs);
    timer.unref();
  };
  publishing = publish();

  return async () => {
    stopped = true;
    clearTimeout(timer);
    await publishing;
    await sql`delete from history.instance where instance_id = ${instanceId}`.catch(() => {});
  };
}

/** Every process that reported within the hour, the silent ones marked; by kind and start. */
export async function listInstances(sql: Sql): Promise<ListedInstance[]> {
  const instances = await sql<ListedInstance[]>`
    select instance_id as "instanceId", kind, host, pid, started_at as "startedAt",
           heartbeat_at as "heartbeatAt", engines,
           heartbeat_at < clock_timestamp() - make_interval(secs => ${silentAfterSeconds}) as silent
    from history.instance
    where heartbeat_at >= clock_timestamp() - make_interval(secs => ${removedAfterSeconds})
    order by kind, started_at, instance_id`;
  return [...instances];
}

/** Processes that reported within 20 s: those whose pools and caches still exist. */
export async function listLiveInstances(sql: Sql): Promise<InstanceReport[]> {
  return (await listInstances(sql)).filter((instance) => !instance.silent);
}

/** Forgets processes that have been silent for an hour. */
export async function removeSilentInstances(sql: Sql): Promise<void> {
  await sql`
    delete from history.instance
    where heartbeat_at < clock_timestamp() - make_interval(secs => ${removedAfterSeconds})`;
}
