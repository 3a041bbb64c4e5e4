import { AppError } from "../../errors.ts";

export interface PrimaryGate {
  /** Resolves when `open` is called or the time is up, whichever comes first. @throws OVERLOADED, the signal's reason */
  wait(signal?: AbortSignal): Promise<void>;
  open(): void;
}

/** Where writes wait while a target has no primary: bounded in number and in time. */
export function createPrimaryGate(
  target: string,
  limits: { waitMs: number; queueLimit: number },
): PrimaryGate {
  const waiters = new Set<() => void>();
  return {
    async wait(signal) {
      if (waiters.size >= limits.queueLimit)
        throw new AppError("OVERLOADED", `${waiters.size} writes already wait for a primary of ${target}.`, {
          retryAfterSeconds: Math.ceil(limits.waitMs / 1_000),
        });
      signal?.throwIfAborted();
      await new Promise<void>((resolve, reject) => {
        const leave = () => {
          waiters.delete(wake);
          clearTimeout(timer);
          signal?.removeEventListener("abort", abort);
        };
        const wake = () => {
          leave();
          resolve();
        };
        const abort = () => {
          leave();
          reject(signal?.reason);
        };
        const timer = setTimeout(wake, limits.waitMs);
        waiters.add(wake);
        signal?.addEventListener("abort", abort, { once: true });
      });
    },
    open() {
      for (const wake of waiters) wake();
    },
  };
}
