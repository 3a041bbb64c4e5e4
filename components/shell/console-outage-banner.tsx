"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { Time } from "@/components/ui/time.tsx";
import { useRead } from "@/lib/client/use-read.ts";
import { Banner } from "./banner.tsx";

const askAgainMs = 3_000;

/**
 * On every page while the console's own database is away: what goes on and what does not. Asks for itself when
 * refresh is off, and has every panel read anew as soon as the database is back.
 */
export function ConsoleOutageBanner() {
  const { data, refetch } = useRead("consoleStatus", {}, { target: "" });
  const client = useQueryClient();
  const outage = data?.outage;
  const away = outage != null;
  const wasAway = useRef(false);

  useEffect(() => {
    if (wasAway.current && !away) void client.refetchQueries({ queryKey: ["read"], type: "active" });
    wasAway.current = away;
    if (!away) return;
    const timer = setInterval(refetch, askAgainMs);
    return () => clearInterval(timer);
  }, [away, refetch, client]);

  if (!outage) return null;
  return (
    <Banner>
      {outage.reason.replace(/\.$/, "")}, since <Time at={outage.since} show="moment" />. History, people,
      events and changes are unavailable; live figures of targets go on.
    </Banner>
  );
}
