"use client";

import { Panel } from "@/components/panel/panel.tsx";
import { PageTurn } from "@/components/ui/page-turn.tsx";
import { neighbours } from "@/components/ui/sheet.tsx";
import { useTimeRange } from "@/lib/client/url-state.ts";
import { useRead } from "@/lib/client/use-read.ts";
import type { EventPage } from "@/lib/events/types.ts";
import { EventRows } from "./event-rows.tsx";
import { EventSheet } from "./event-sheet.tsx";
import { EventToolbar } from "./event-toolbar.tsx";
import { keyText, searchInput } from "./events-input.ts";
import { ExportMenu } from "./export-menu.tsx";
import { useEventFilter } from "./use-event-filter.ts";

/** The log, newest first, fifty a page. The newest page follows what comes in, as fast as the page refreshes. */
export function EventsPanel() {
  const range = useTimeRange();
  const { filter, openKey, change, clear, turnTo, open } = useEventFilter();
  const read = useRead("searchEvents", searchInput(range.input, filter), { polled: filter.before === null });
  const events = read.data?.events ?? [];
  const older = read.data?.older ?? null;
  return (
    <Panel
      id="events"
      title="Events"
      unit={filter.before === null ? "newest first, following" : "newest first"}
      read={read}
      height={620}
      className="max-sm:min-h-200"
      flush
      info={{
        what: "Rows of audit_log in the page's time range. People stand here as tokens; a person's id is looked up through the blind index of the key store. Text is looked for in every row the other filters leave.",
        sql: "select … from audit_log where occurred_at >= $1 and occurred_at < $2 order by occurred_at desc, id desc limit 51",
      }}
      actions={<ExportMenu filter={filter} />}
      table={eventsTable}
    >
      {() => (
        <>
          <EventToolbar filter={filter} onChange={change} onClear={clear} />
          <EventRows events={events} openKey={openKey} onOpen={open} />
          <PageTurn
            page={filter.before}
            older={older && keyText(older)}
            arriving={read.previous && read.refreshing}
            onTurn={turnTo}
          />
          <EventSheet
            eventKey={openKey}
            onClose={() => open(null)}
            onFilter={change}
            {...neighbours(
              events,
              (event) => keyText(event) === openKey,
              (event) => open(keyText(event)),
            )}
          />
        </>
      )}
    </Panel>
  );
}

function eventsTable({ events }: EventPage) {
  return {
    columns: [
      { label: "occurred at" },
      { label: "organisation" },
      { label: "actor" },
      { label: "action" },
      { label: "status" },
      { label: "target type" },
      { label: "target" },
      { label: "classification" },
      { label: "policy" },
      { label: "id" },
    ],
    rows: events.map((event) => [
      event.occurredAt,
      event.organizationId,
      event.actorToken,
      event.action,
      event.status,
      event.targetType,
      event.targetId,
      event.dataClassification,
      event.retentionPolicy,
      event.id,
    ]),
  };
}
