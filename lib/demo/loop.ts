import { setTimeout as sleep } from "node:timers/promises";
import type { EngineLogger } from "../audit-db/engine-logger.ts";
import { AppError } from "../errors.ts";

const outagePauseMs = 3_000;
const errorPauseMs = 15_000;

/**
 * Repeats a step until `signal` aborts, pausing for as long as the step says (milliseconds). An outage is waited
 * out; any other error is logged and tried again later. Never throws.
 */
export async function repeat(
  name: string,
  options: { signal: AbortSignal; logger: EngineLogger },
  step: () => Promise<number>,
): Promise<void> {
  const { signal, logger } = options;
  while (!signal.aborted) {
    let pauseMs: number;
    try {
      pauseMs = await step();
    } catch (thrown) {
      if (signal.aborted) return;
      if (thrown instanceof AppError && thrown.retryable) pauseMs = outagePauseMs;
      else {
        logger.warn({ err: thrown, loop: name }, "a step of the demo failed; it goes on");
        pauseMs = errorPauseMs;
      }
    }
    await pause(pauseMs, signal);
  }
}

/** Sleeps, or less when `signal` aborts. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => {});
}

/** A length around `ms`, half to one and a half times as long. */
export function around(ms: number): number {
  return ms * (0.5 + Math.random());
}
