import { AppError } from "../../errors.ts";

interface Waiter {
  grant(): void;
}

export interface WaitQueue {
  readonly waiting: number;
  /** Resolves when it is this caller's turn. @throws AppError OVERLOADED when full, TIMEOUT, or the signal's reason. */
  wait(signal?: AbortSignal): Promise<void>;
  /** Wakes the caller that has waited longest; false when nobody waits. */
  next(): boolean;
}

export interface WaitQueueOptions {
  limit: number;
  timeoutMs: number;
}

/** A bounded first-come-first-served queue. */
export function createWaitQueue(options: WaitQueueOptions): WaitQueue {
  // A Set keeps insertion order and forgets a waiter in constant time.
  const waiters = new Set<Waiter>();
  return {
    get waiting() {
      return waiters.size;
    },
    wait(signal) {
      if (waiters.size >= options.limit) {
        throw new AppError("OVERLOADED", `${waiters.size} requests already wait for a connection.`, {
          retryAfterSeconds: Math.max(1, Math.ceil(options.timeoutMs / 1_000)),
        });
      }
      signal?.throwIfAborted();
      return new Promise<void>((resolve, reject) => {
        const leave = () => {
          waiters.delete(waiter);
          clearTimeout(timer);
          signal?.removeEventListener("abort", onAbort);
        };
        const waiter: Waiter = {
          grant: () => {
            leave();
            resolve();
          },
        };
        const onAbort = () => {
          leave();
          reject(signal?.reason);
        };
        const timer = setTimeout(() => {
          leave();
          reject(new AppError("TIMEOUT", `No connection became free within ${options.timeoutMs} ms.`));
        }, options.timeoutMs);
        signal?.addEventListener("abort", onAbort, { once: true });
        waiters.add(waiter);
      });
    },
    next() {
      const first = waiters.values().next();
      if (first.done) return false;
      first.value.grant();
      return true;
    },
  };
}
