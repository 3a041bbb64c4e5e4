"use client";

import { useSyncExternalStore } from "react";

let hovered: number | null = null;
let frame = 0;
const listeners = new Set<() => void>();

/** The moment under the pointer, in epoch milliseconds: one for all charts of the page. */
export const crosshair = {
  set(t: number | null) {
    if (t === hovered) return;
    hovered = t;
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(() => {
      for (const listener of listeners) listener();
    });
  },
};

function subscribe(listener: () => void) {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

export function useCrosshair(): number | null {
  return useSyncExternalStore(
    subscribe,
    () => hovered,
    () => null,
  );
}
