"use client";

/**
 * Keeps every read that speaks of alerts of now, on whichever page: `useIncidentEvents()` stands once, in the shell.
 *
 * Follows the stream of changes; where that cannot be had it asks every ten seconds. Whoever connects anew may have
 * missed some, so everything is asked then. A hidden tab asks once a minute for the count in its title, unless it is
 * the one that notifies.
 */
import { type Query, useQueryClient } from "@tanstack/react-query";
import { useEffect, useEffectEvent, useState } from "react";
import { followStream } from "./follow-stream.ts";
import { notifications } from "./notifications.ts";
import type { ReadName } from "./reads.ts";

const pollMs = 10_000;
const hiddenPollMs = 60_000;
/** One evaluation may move many incidents: they are asked for once. */
const togetherMs = 150;

const concerned: ReadonlySet<string> = new Set<ReadName>(["incidents", "incident", "openIncidents"]);
const countOnly: ReadonlySet<string> = new Set<ReadName>(["openIncidents"]);

export function useIncidentEvents(): "stream" | "polling" {
  const client = useQueryClient();
  const [live, setLive] = useState<"stream" | "polling">("stream");
  const askAnew = useEffectEvent((names: ReadonlySet<string>) => {
    const of = ({ queryKey: [kind, , name] }: Query) => kind === "read" && names.has(name as string);
    void client.invalidateQueries({ predicate: of });
  });

  useEffect(() => {
    let open = false;
    let soon: ReturnType<typeof setTimeout> | undefined;
    const changed = () => {
      soon ??= setTimeout(() => {
        soon = undefined;
        askAnew(concerned);
      }, togetherMs);
    };
    let first = true;
    const stop = followStream(
      () => "/api/v1/alerts/events",
      {
        on: { incident: changed },
        onState: (state) => {
          if (state === "open" && !open && !first) changed();
          if (state === "open") first = false;
          open = state === "open";
          setLive(open ? "stream" : "polling");
        },
      },
      { whileHidden: notifications.isOurs },
    );
    const rested = () => {
      // What a hidden tab's stream would have told is asked for when it opens anew.
      if (document.visibilityState === "hidden" && !notifications.isOurs()) open = false;
    };
    document.addEventListener("visibilitychange", rested);
    return () => {
      stop();
      clearTimeout(soon);
      document.removeEventListener("visibilitychange", rested);
    };
  }, []);

  useEffect(() => {
    const shown = setInterval(() => {
      if (live === "polling" && document.visibilityState === "visible") askAnew(concerned);
    }, pollMs);
    const hidden = setInterval(() => {
      if (document.visibilityState === "hidden") askAnew(countOnly);
    }, hiddenPollMs);
    return () => {
      clearInterval(shown);
      clearInterval(hidden);
    };
  }, [live]);
  return live;
}
