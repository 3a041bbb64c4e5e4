import { AppError } from "../errors.ts";
import type { EngineLogger } from "./engine-logger.ts";
import type { TargetStatus } from "./target-facts.ts";

export interface TargetStateHolder {
  current(): TargetStatus;
  up(): void;
  /** @param lastAnswered for the first look of all: when the target is known to have answered last; null when nobody knows */
  down(why: { cause: NonNullable<TargetStatus["cause"]>; reason: string }, lastAnswered?: Date | null): void;
  listen(listener: (status: TargetStatus) => void): () => void;
  /** The error a read answers while the target is down. */
  error(): AppError;
  clear(): void;
}

/** Whether the target answers, since when, and if not, why. `since` moves only when the state does. */
export function createTargetState(target: string, logger: EngineLogger): TargetStateHolder {
  const listeners = new Set<(status: TargetStatus) => void>();
  let status: TargetStatus = { target, state: "connecting", since: new Date(), reason: null, cause: null };

  function change(
    next: Omit<TargetStatus, "target" | "since" | "atLeast">,
    lastAnswered?: Date | null,
  ): void {
    if (status.state === next.state && status.reason === next.reason) return;
    const first = status.state === "connecting" && next.state === "down";
    const lasting = status.state === next.state ? status : { since: (first && lastAnswered) || new Date() };
    const atLeast = first ? !lastAnswered : (lasting as TargetStatus).atLeast;
    status = { target, since: lasting.since, ...(atLeast && { atLeast }), ...next };
    const log = next.state === "down" ? logger.warn.bind(logger) : logger.info.bind(logger);
    log({ target, state: next.state, reason: next.reason ?? undefined }, "target state changed");
    for (const listener of listeners) listener(status);
  }

  return {
    current: () => status,
    up: () => change({ state: "up", reason: null, cause: null }),
    down: ({ cause, reason }, lastAnswered) => change({ state: "down", reason, cause }, lastAnswered),
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    error: () =>
      new AppError("UNAVAILABLE", `${target} is unreachable: ${status.reason ?? "not connected yet"}.`, {
        since: status.since,
        retryAfterSeconds: 2,
      }),
    clear: () => listeners.clear(),
  };
}
