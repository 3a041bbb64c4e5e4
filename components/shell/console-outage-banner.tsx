"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { Age } from "@/components/ui/aged-figures.tsx";
import { Time } from "@/components/ui/time.tsx";
import { useOutlived } from "@/lib/client/aged.ts";
import { useRead } from "@/lib/client/use-read.ts";
import { Banner } from "./banner.tsx";

const askAgainMs = 3_000;
/** The banner moves the page: it comes for a silence, not for one answer that is late. Figures say their age before. */
const silentMs = 10_000;

/**
 * On every page while the console does not answer, or its own database is away: what goes on and what does not. Asks for itself when
 * refresh is off, and has every panel read anew as soon as the database is back.
 */
export function ConsoleOutageBanner() {
  const { data, aged, refetch } = useRead("consoleStatus", {}, { target: "" });
  const silent = useOutlived(aged?.at.getTime() ?? 0, silentMs);
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

  if (aged && silent)
    return (
      <Banner>
        {aged.reason} Every figure here is <Age at={aged.at} /> or older; the page keeps trying.
      </Banner>
    );
  if (!outage) return null;
  return (
    <Banner>
      {outage.reason.replace(/\.$/, "")}, since <Time at={outage.since} show="moment" />. History, people,
      events and changes are unavailable; live figures of targets go on.
    </Banner>
  );
}
