import { setTimeout as sleep } from "node:timers/promises";

/** What is said often is looked at no more often. */
const leastMs = 250;

export interface Bell {
  ring(): void;
  /** Until it rings or the time is over; at once where it rang since the last wait. */
  wait(mostMs: number): Promise<void>;
}

/** Rings that come while nobody waits are one ring. */
export function createBell(signal: AbortSignal): Bell {
  let rung = false;
  let wake: (() => void) | undefined;
  return {
    ring() {
      rung = true;
      wake?.();
    },
    async wait(mostMs) {
      await sleep(leastMs, undefined, { signal }).catch(() => {});
      if (!rung && !signal.aborted)
        await new Promise<void>((resolve) => {
          const done = () => {
            clearTimeout(timer);
            signal.removeEventListener("abort", done);
            resolve();
          };
          const timer = setTimeout(done, mostMs);
          signal.addEventListener("abort", done);
          wake = done;
        });
      wake = undefined;
      rung = false;
    },
  };
}
