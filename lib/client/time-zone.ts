"use client";

import { useSyncExternalStore } from "react";
import type { TimeZone } from "./format-time.ts";

const storageKey = "audit-db.times";
const listeners = new Set<() => void>();

function subscribe(listener: () => void) {
  listeners.add(listener);
  window.addEventListener("storage", listener);
  return () => {
    listeners.delete(listener);
    window.removeEventListener("storage", listener);
  };
}

function read(): TimeZone {
  try {
    return window.localStorage.getItem(storageKey) === "local" ? "local" : "utc";
  } catch {
    return "utc";
  }
}

/** Shows times in UTC (default; partitions and audit events are in UTC) or in the person's own zone. */
export function setTimeZone(zone: TimeZone) {
  try {
    window.localStorage.setItem(storageKey, zone);
  } catch {
    // A browser that keeps nothing shows UTC.
  }
  for (const listener of listeners) listener();
}

export function useTimeZone(): TimeZone {
  return useSyncExternalStore(subscribe, read, () => "utc");
}
