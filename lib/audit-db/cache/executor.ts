import { AppError } from "../../errors.ts";
import type { Observed } from "../../result.ts";
import type { TargetStatus } from "../target-facts.ts";
import type { ReadStatement } from "../types.ts";
import type { AnswerCache } from "./answer-cache.ts";
import { fetchAnswer } from "./fetch-answer.ts";
import type { CacheEntry } from "./types.ts";

const defaultTtlMs = 1_500;

export interface ExecutorOptions {
  cache: AnswerCache;
  status(): TargetStatus;
  unavailable(): AppError;
  /** Runs the statement on the server. */
  execute<T>(statement: ReadStatement<T>): Promise<T>;
}

/**
 * Answers a read from this process's cache, from a run already under way, from the cache that processes share, or by
 * running it: one execution per key at a time however many ask, so that the audit database's load does not depend on
 * the number of viewers. Errors are never cached; while the target is down the last known value is answered as stale.
 */
export function createExecutor(
  options: ExecutorOptions,
): <T>(statement: ReadStatement<T>) => Promise<Observed<T>> {
  const { cache } = options;

  /** Last known figures in place of an outage's error; any other error passes. */
  async function staleOr<T>(key: string, statement: ReadStatement<T>, thrown: unknown): Promise<Observed<T>> {
    const outage =
      thrown instanceof AppError &&
      (thrown.code === "UNAVAILABLE" || thrown.code === "TIMEOUT" || thrown.code === "OVERLOADED");
    const entry = outage ? (cache.known(key) ?? (await cache.shared?.get(key))) : undefined;
    if (!entry || !outage) throw thrown;
    cache.counts.add(statement.name, "staleServed");
    return {
      ...observed(statement, entry),
      stale: { since: thrown.since ?? entry.observedAt, reason: thrown.message },
    };
  }

  return async <T>(statement: ReadStatement<T>) => {
    const key = cache.keyOf(statement);
    const known = cache.known(key);
    const ageMs = known ? Date.now() - known.observedAt.getTime() : Number.POSITIVE_INFINITY;
    const freshMs = acceptableAgeMs(statement);
    if (known && ageMs < freshMs) {
      cache.counts.add(statement.name, "hits");
      return observed(statement, known);
    }
    if (options.status().state === "down") return staleOr(key, statement, options.unavailable());
    const running = cache.once(key, statement, (stillTrue) =>
      fetchAnswer({ cache, key, statement, freshMs, stillTrue, execute: () => options.execute(statement) }),
    );
    if (known && !statement.own && ageMs < freshMs + (statement.revalidateMs ?? 0)) {
      // Whoever asks after the limit meets the same error again.
      running.catch(() => {});
      cache.counts.add(statement.name, "revalidated");
      return observed(statement, known);
    }
    try {
      return observed(statement, await running);
    } catch (thrown) {
      return staleOr(key, statement, thrown);
    }
  };
}

function observed<T>(statement: ReadStatement<T>, entry: CacheEntry): Observed<T> {
  return { data: entry.value as T, observedAt: entry.observedAt, source: statement.source };
}

/** Viewers who refresh every 5 s share answers up to 5 s old, so a hundred of them ask no more than one does. */
function acceptableAgeMs(statement: ReadStatement<unknown>): number {
  return Math.max(statement.ttlMs ?? defaultTtlMs, statement.maxAgeMs ?? 0);
}
