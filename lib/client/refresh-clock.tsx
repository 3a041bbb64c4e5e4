"use client";

/**
 * One clock for the whole page: at each tick every mounted, polled read is asked anew, all in one request.
 * It stands still while the tab is hidden or refresh is off, and catches up on return.
 */
import { useQueryClient } from "@tanstack/react-query";
import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useState } from "react";
import { useRefresh } from "./url-state.ts";

interface RefreshClock {
  /** Counts ticks; the countdown ring starts anew with each. */
  tick: number;
  /** Seconds between ticks, null when off. */
  seconds: number | null;
  paused: boolean;
  refreshNow: () => void;
}

const Context = createContext<RefreshClock | null>(null);

export function RefreshClockProvider({ children }: { children: ReactNode }) {
  const { seconds } = useRefresh();
  const client = useQueryClient();
  const [tick, setTick] = useState(0);
  const [paused, setPaused] = useState(false);

  const refreshNow = useCallback(() => {
    setTick((last) => last + 1);
    void client.refetchQueries(
      { queryKey: ["read"], type: "active", predicate: (query) => query.meta?.polled !== false },
      { cancelRefetch: false },
    );
  }, [client]);

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let dueAt = 0;
    const stop = () => clearTimeout(timer);
    const schedule = (afterMs: number) => {
      stop();
      if (seconds === null) return;
      dueAt = Date.now() + afterMs;
      timer = setTimeout(() => {
        refreshNow();
        schedule(seconds * 1_000);
      }, afterMs);
    };
    const follow = () => {
      const away = document.visibilityState === "hidden";
      setPaused(away);
      if (away) stop();
      else schedule(Math.max(0, dueAt - Date.now()));
    };
    if (seconds !== null) dueAt = Date.now() + seconds * 1_000;
    follow();
    document.addEventListener("visibilitychange", follow);
    return () => {
      stop();
      document.removeEventListener("visibilitychange", follow);
    };
  }, [seconds, refreshNow]);

  const value = useMemo(() => ({ tick, seconds, paused, refreshNow }), [tick, seconds, paused, refreshNow]);
  return <Context value={value}>{children}</Context>;
}

export function useRefreshClock(): RefreshClock {
  const clock = useContext(Context);
  if (!clock) throw new Error("useRefreshClock needs RefreshClockProvider above it");
  return clock;
}
