import { AppError } from "../../errors.ts";
import type { Observed } from "../../result.ts";
import type { ReadStatement, TargetStatus } from "../types.ts";
import type { CacheStore } from "./store.ts";

const defaultTtlMs = 1_500;

export interface ExecutorOptions {
  store: CacheStore;
  status(): TargetStatus;
  unavailable(): AppError;
  /** Runs the statement on the server. */
  execute<T>(statement: ReadStatement<T>): Promise<T>;
}

/**
 * Answers a read from the cache, from a run already under way, or by running it: one execution per key at a
 * time however many ask, so that the audit database's load does not depend on the number of viewers.
 * Errors are never cached; while the target is down the last known value is answered as stale.
 */
export function createExecutor(
  options: ExecutorOptions,
): <T>(statement: ReadStatement<T>) => Promise<Observed<T>> {
  const { store } = options;
  const underway = new Map<string, Promise<Observed<unknown>>>();

  async function run<T>(key: string, statement: ReadStatement<T>): Promise<Observed<T>> {
    const observedAt = new Date();
    const value = await options.execute(statement);
    store.set(key, { value, observedAt });
    return { data: value, observedAt, source: statement.source };
  }

  /** Last known figures in place of an outage's error; any other error passes. */
  function staleOr<T>(key: string, statement: ReadStatement<T>, thrown: unknown): Observed<T> {
    const entry = store.get(key);
    const outage =
      thrown instanceof AppError &&
      (thrown.code === "UNAVAILABLE" || thrown.code === "TIMEOUT" || thrown.code === "OVERLOADED");
    if (!entry || !outage) throw thrown;
    store.count("staleServed");
    return {
      data: entry.value as T,
      observedAt: entry.observedAt,
      source: statement.source,
      stale: { since: thrown.since ?? entry.observedAt, reason: thrown.message },
    };
  }

  return async <T>(statement: ReadStatement<T>) => {
    const key = cacheKey(statement);
    const entry = store.get(key);
    if (entry && Date.now() - entry.observedAt.getTime() < acceptableAgeMs(statement)) {
      store.count("hits");
      return { data: entry.value as T, observedAt: entry.observedAt, source: statement.source };
    }
    if (options.status().state === "down") return staleOr(key, statement, options.unavailable());
    let running = underway.get(key);
    if (running) store.count("joined");
    else {
      store.count("misses");
      running = run(key, statement).finally(() => underway.delete(key));
      underway.set(key, running);
    }
    try {
      return (await running) as Observed<T>;
    } catch (thrown) {
      return staleOr(key, statement, thrown);
    }
  };
}

/** Viewers who refresh every 5 s share answers up to 5 s old, so a hundred of them ask no more than one does. */
function acceptableAgeMs(statement: ReadStatement<unknown>): number {
  return Math.max(statement.ttlMs ?? defaultTtlMs, statement.maxAgeMs ?? 0);
}

function cacheKey(statement: ReadStatement<unknown>): string {
  return JSON.stringify([statement.name, ...(statement.key ?? [])]);
}
