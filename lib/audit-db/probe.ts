import type { TargetStatus } from "./target-facts.ts";

const whileUpMs = 5_000;
const whileDownMs = 1_000;

export interface Probe {
  /** Resolves after the first check, whatever it found. */
  first: Promise<void>;
  /** Checks at once, or joins the check under way. */
  now(): Promise<void>;
  stop(): void;
}

/** Checks at once and then again and again, oftener while the target is down; never two checks at a time. */
export function startProbe(options: { status(): TargetStatus; check(): Promise<void> }): Probe {
  let timer: NodeJS.Timeout | undefined;
  let underway: Promise<void> | undefined;
  let stopped = false;

  async function round(): Promise<void> {
    clearTimeout(timer);
    await options.check();
    underway = undefined;
    if (stopped) return;
    timer = setTimeout(now, options.status().state === "down" ? whileDownMs : whileUpMs);
    timer.unref();
  }

  function now(): Promise<void> {
    underway ??= round();
    return underway;
  }

  return {
    first: now(),
    now,
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
