"use client";

import { useSyncExternalStore } from "react";

let nowMs = 0;
let timer: ReturnType<typeof setInterval> | undefined;
const listeners = new Set<() => void>();

function tick() {
  nowMs = Date.now();
  for (const each of listeners) each();
}

function subscribe(listener: () => void) {
  listeners.add(listener);
  if (!timer) {
    nowMs = Date.now();
    timer = setInterval(tick, 1_000);
  }
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) {
      clearInterval(timer);
      timer = undefined;
    }
  };
}

function current(): number {
  if (nowMs === 0) nowMs = Date.now();
  return nowMs;
}

/**
 * The time in epoch milliseconds, one for the whole page; null while rendering on the server. It moves in steps of
 * `stepMs`, a second at least: whoever shows minutes or pixels need not be drawn each second.
 */
export function useNow(stepMs = 1_000): number | null {
  return useSyncExternalStore(
    subscribe,
    () => (stepMs <= 1_000 ? current() : Math.floor(current() / stepMs) * stepMs),
    () => null,
  );
}

/** What `write` makes of the time; drawn anew only when that reads otherwise. Null while rendering on the server. */
export function useNowText(write: (nowMs: number) => string): string | null {
  return useSyncExternalStore(
    subscribe,
    () => write(current()),
    () => null,
  );
}
