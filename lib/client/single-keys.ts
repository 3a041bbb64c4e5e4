"use client";

import { useSyncExternalStore } from "react";

const storageKey = "audit-db.single-keys";
const listeners = new Set<() => void>();

function on(): boolean {
  try {
    return window.localStorage.getItem(storageKey) !== "off";
  } catch {
    return true;
  }
}

function subscribe(listener: () => void) {
  listeners.add(listener);
  window.addEventListener("storage", listener);
  return () => {
    listeners.delete(listener);
    window.removeEventListener("storage", listener);
  };
}

/**
 * Whether keys without Ctrl or ⌘ are shortcuts. Who speaks to the machine turns them off: a spoken word would press
 * several (WCAG 2.1.4).
 */
export const singleKeys = {
  on,
  set(next: boolean) {
    try {
      window.localStorage.setItem(storageKey, next ? "on" : "off");
    } catch {
      // A browser that keeps nothing keeps them on.
    }
    for (const listener of listeners) listener();
  },
};

export function useSingleKeys(): boolean {
  return useSyncExternalStore(subscribe, on, () => true);
}
