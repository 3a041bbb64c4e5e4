import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import type { EngineStats } from "../../audit-db/types.ts";
import type { ProcessSession } from "../../engines/process-session.ts";
import type { InstanceReport } from "../types.ts";
import type { InstanceBoard } from "./instance-board.ts";

const publishEveryMs = 5_000;
const soonMs = 500;

export interface PublishOptions {
  board: InstanceBoard;
  /** web, worker, demo or cli */
  kind: string;
  /** Target → its engine's statistics, read every 5 s. */
  engines: () => Record<string, EngineStats>;
  /** Of `confirmForgetting`: by which others know that this process is there. */
  session?: Pick<ProcessSession, "backend">;
  /** Told of a report that could not be stored; the next one is tried all the same. */
  onError?: (error: unknown) => void;
  everyMs?: number;
}

/**
 * Publishes this process's engine statistics every 5 s.
 * @returns stop, which also takes the process off the board.
 */
export function publishInstance(options: PublishOptions): () => Promise<void> {
  const { board, kind } = options;
  const instanceId = randomUUID();
  const startedAt = new Date(Date.now() - process.uptime() * 1_000);
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let publishing = Promise.resolve();

  const publish = async () => {
    try {
      const engines = options.engines();
      const session = options.session?.backend() ?? null;
      await board.put({ instanceId, kind, host: hostname(), pid: process.pid, startedAt, session, engines });
    } catch (error) {
      options.onError?.(error);
    }
    if (stopped) return;
    // Told again as soon as its session is known.
    const known = options.session === undefined || options.session.backend() !== null;
    timer = setTimeout(
      () => {
        publishing = publish();
      },
      known ? (options.everyMs ?? publishEveryMs) : soonMs,
    );
    timer.unref();
  };
  publishing = publish();

  return async () => {
    stopped = true;
    clearTimeout(timer);
    await publishing;
    await board.remove(instanceId).catch(() => {});
  };
}

/** Every process that reported within the hour, the silent ones marked; by kind and start. */
export async function listInstances(board: InstanceBoard): Promise<InstanceReport[]> {
  const order = ({ kind, startedAt, instanceId }: InstanceReport) =>
    `${kind} ${startedAt.toISOString()} ${instanceId}`;
  return (await board.list()).sort((a, b) => (order(a) < order(b) ? -1 : 1));
}

/** Processes that reported within 20 s: those whose pools and caches still exist. */
export async function listLiveInstances(board: InstanceBoard): Promise<InstanceReport[]> {
  return (await listInstances(board)).filter((instance) => !instance.silent);
}
