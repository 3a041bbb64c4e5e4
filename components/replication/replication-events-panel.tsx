"use client";

import { useState } from "react";
import { Panel } from "@/components/panel/panel.tsx";
import { Button } from "@/components/ui/button.tsx";
import { type State, StateBadge } from "@/components/ui/state-badge.tsx";
import { Time } from "@/components/ui/time.tsx";
import { formatSeconds } from "@/lib/client/format.ts";
import { useTimeRange } from "@/lib/client/url-state.ts";
import { useRead } from "@/lib/client/use-read.ts";
import type { TargetEvent } from "@/lib/collector/types.ts";

const states: Record<string, State> = { info: "notice", warning: "warning", critical: "critical" };
const words: Record<string, string> = {
  role_flip: "fail-over",
  split_brain: "two primaries",
  replica_drained: "drained",
  replica_back: "back",
  foreign_node: "other cluster",
  restart: "restart",
  outage: "outage",
};
const few = 6;

/** Fail-overs, replicas that came and went, restarts and outages in the page's range. */
export function ReplicationEventsPanel({ className }: { className: string }) {
  const range = useTimeRange();
  const read = useRead("replicationEvents", { range: range.input });
  return (
    <Panel
      id="replication-events"
      title="What happened"
      read={read}
      height={96}
      className={className}
      info={{
        what: "Recorded by the collector: fail-overs, two servers that both take writes, drained replicas, restarts, outages.",
      }}
      empty={(events) => events.length === 0 && "Nothing happened between the servers in this time"}
      table={(events) => ({
        columns: [{ label: "time" }, { label: "kind" }, { label: "severity" }, { label: "what" }],
        rows: events.map((event) => [event.at, words[event.kind] ?? event.kind, event.severity, event.title]),
      })}
    >
      {(events) => <Events events={events} />}
    </Panel>
  );
}

function Events({ events }: { events: readonly TargetEvent[] }) {
  const [all, setAll] = useState(false);
  return (
    <>
      <ol aria-label="Events, newest first" className="grid">
        {(all ? events : events.slice(0, few)).map((event) => (
          <li
            key={`${event.at.getTime()} ${event.kind} ${event.title}`}
            className="grid min-h-7 grid-cols-[5.5rem_minmax(0,1fr)] items-baseline gap-x-3 py-1 text-sm sm:grid-cols-[5.5rem_7.5rem_minmax(0,1fr)]"
          >
            <Time at={event.at} show="moment" className="text-muted" />
            <span>
              <StateBadge state={states[event.severity] ?? "notice"}>
                {words[event.kind] ?? event.kind.replaceAll("_", " ")}
              </StateBadge>
            </span>
            <span className="min-w-0 break-words max-sm:col-span-2">
              {event.title}
              <Lasted event={event} />
            </span>
          </li>
        ))}
      </ol>
      {events.length > few && (
        <Button variant="ghost" size="sm" className="-ml-2.5" onClick={() => setAll(!all)}>
          {all ? "Show the newest" : `Show all ${events.length}`}
        </Button>
      )}
    </>
  );
}

function Lasted({ event: { at, endedAt, kind } }: { event: TargetEvent }) {
  if (!endedAt)
    return kind === "outage" ? <span className="font-medium text-critical"> · goes on</span> : null;
  const seconds = (endedAt.getTime() - at.getTime()) / 1_000;
  return seconds >= 1 ? <span className="text-faint"> · {formatSeconds(seconds)}</span> : null;
}
