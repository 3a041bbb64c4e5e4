"use client";

import { Panel } from "@/components/panel/panel.tsx";
import { type State, StateBadge } from "@/components/ui/state-badge.tsx";
import { Time } from "@/components/ui/time.tsx";
import { useTimeRange } from "@/lib/client/url-state.ts";
import { useRead } from "@/lib/client/use-read.ts";

const states: Record<string, State> = { info: "notice", warning: "warning", critical: "critical" };

/** Fail-overs, replicas that came and went, restarts and outages in the page's range. */
export function ReplicationEventsPanel() {
  const range = useTimeRange();
  const read = useRead("replicationEvents", { range: range.input });
  return (
    <Panel
      id="replication-events"
      title="What happened"
      read={read}
      height={190}
      className="xl:col-span-2"
      info={{
        what: "Recorded by the collector: fail-overs, two servers that both take writes, drained replicas, restarts, outages.",
      }}
      empty={(events) => events.length === 0 && "Nothing happened between the servers in this time"}
      table={(events) => ({
        columns: [{ label: "time" }, { label: "kind" }, { label: "severity" }, { label: "what" }],
        rows: events.map((event) => [event.at, event.kind, event.severity, event.title]),
      })}
    >
      {(events) => (
        <ul className="grid gap-2">
          {events.map((event) => (
            <li
              key={`${event.at} ${event.kind} ${event.title}`}
              className="flex flex-wrap items-baseline gap-x-3 text-sm"
            >
              <Time at={event.at} show="moment" className="w-24 text-xs text-muted" />
              <StateBadge state={states[event.severity] ?? "notice"}>
                {event.kind.replaceAll("_", " ")}
              </StateBadge>
              <span className="min-w-0">{event.title}</span>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
