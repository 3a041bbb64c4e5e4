"use client";

import { useState } from "react";
import { Button } from "@/components/ui/button.tsx";
import { type State, StateIcon } from "@/components/ui/state-badge.tsx";
import { Time } from "@/components/ui/time.tsx";
import { formatSeconds } from "@/lib/client/format.ts";
import type { TargetEvent } from "@/lib/collector/types.ts";

const states: Record<TargetEvent["severity"], State> = {
  info: "notice",
  warning: "warning",
  critical: "critical",
};
const few = 4;

/** The timeline's events in words, newest first. */
export function EventList({ events }: { events: readonly TargetEvent[] }) {
  const [all, setAll] = useState(false);
  if (events.length === 0) return null;
  const shown = all ? events : events.slice(0, few);
  return (
    <div className="mt-2 border-t border-hairline pt-1.5">
      <ol aria-label="Events, newest first" className="grid">
        {shown.map((event) => (
          <li
            key={`${event.at.getTime()} ${event.kind} ${event.title}`}
            className="flex min-h-7 items-baseline gap-2.5 py-1 text-sm"
          >
            <StateIcon state={states[event.severity]} className="size-3.5 translate-y-0.5" />
            <Time at={event.at} show="moment" className="shrink-0 text-muted sm:w-24" />
            <span className="min-w-0 break-words">{event.title}</span>
            {event.endedAt && event.endedAt.getTime() - event.at.getTime() >= 1_000 && (
              <span className="shrink-0 text-xs text-faint">
                {formatSeconds((event.endedAt.getTime() - event.at.getTime()) / 1_000)}
              </span>
            )}
            {!event.endedAt && event.kind === "outage" && (
              <span className="shrink-0 text-xs font-medium text-critical">goes on</span>
            )}
          </li>
        ))}
      </ol>
      {events.length > few && (
        <Button variant="ghost" size="sm" className="-ml-2.5" onClick={() => setAll(!all)}>
          {all ? "Show the newest" : `Show all ${events.length}`}
        </Button>
      )}
    </div>
  );
}
