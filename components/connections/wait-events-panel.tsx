"use client";

import { seriesColour } from "@/components/charts/series-colour.ts";
import { Panel } from "@/components/panel/panel.tsx";
import { useOwnQueries } from "@/lib/client/url-state.ts";
import { useRead } from "@/lib/client/use-read.ts";
import type { WaitEventCount } from "@/lib/connections/types.ts";
import { connectionInputs } from "./connections-inputs.ts";
import { explainWait } from "./explain-wait.ts";

const most = 6;

/** What sessions wait for at this moment, those that should be running first. */
export function WaitEventsPanel() {
  const { hideOwn } = useOwnQueries();
  const read = useRead("waitEvents", connectionInputs.waits(hideOwn));
  return (
    <Panel
      id="waits"
      title="Wait events"
      unit="sessions now"
      read={read}
      height={220}
      fixed
      info={{
        what: "What PostgreSQL says each session waits for at this moment. Client waits are idle sessions that wait for their application; Lock, LWLock and IO are time a query loses.",
        sql: "select wait_event_type, wait_event, count(*)\nfrom pg_stat_activity where wait_event_type is distinct from 'Activity' group by 1, 2 order by 3 desc;",
      }}
      empty={(events) => events.length === 0 && "No session waits for anything"}
      table={(events) => ({
        columns: [
          { label: "type" },
          { label: "event" },
          { label: "sessions", unit: "count" },
          { label: "active", unit: "count" },
        ],
        rows: events.map((each) => [each.type ?? "running", each.event, each.count, each.active]),
      })}
    >
      {(events) => <Waits events={events} />}
    </Panel>
  );
}

function Waits({ events }: { events: readonly WaitEventCount[] }) {
  const sorted = events.toSorted((a, b) => b.active - a.active || b.count - a.count);
  const largest = Math.max(1, ...events.map((each) => each.count));
  const rest = sorted.length - most;
  return (
    <ul aria-label="Wait events" className="grid gap-0.5">
      {sorted.slice(0, most).map((each) => (
        <li
          key={`${each.type} ${each.event}`}
          className="relative grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-3 rounded-sm px-2 py-1 text-sm"
        >
          <span
            aria-hidden
            className="absolute inset-y-0 left-0 rounded-sm opacity-20"
            style={{ width: `${(each.count / largest) * 100}%`, background: colourOf(each) }}
          />
          <span className="relative min-w-0 truncate">
            <span className="font-medium">{each.type ?? "Running"}</span>
            {each.event && <span className="text-muted"> · {each.event}</span>}
            <span className="hidden text-xs text-muted sm:inline">
              {" "}
              — {explainWait(each.type, each.event)}
            </span>
          </span>
          <span className="relative">
            {each.active > 0 && each.active < each.count && (
              <span className="mr-2 text-xs text-muted">{each.active} active</span>
            )}
            <strong className="font-medium">{each.count}</strong>
          </span>
        </li>
      ))}
      {rest > 0 && <li className="px-2 py-1 text-xs text-faint">and {rest} more, see the table</li>}
    </ul>
  );
}

function colourOf({ type }: WaitEventCount): string {
  if (type === null) return seriesColour("active");
  return type === "Client" ? seriesColour("idle") : seriesColour("waiting");
}
