"use client";

import { useEffect } from "react";
import { TryIdle } from "@/components/connections/try-idle.tsx";
import { Panel } from "@/components/panel/panel.tsx";
import { useConsole } from "@/components/shell/console-context.tsx";
import { PageTurn } from "@/components/ui/page-turn.tsx";
import { roleReaches } from "@/lib/client/roles.ts";
import { useRead } from "@/lib/client/use-read.ts";
import { useTarget } from "@/lib/client/use-target.ts";
import { InboxEmpty } from "./inbox-empty.tsx";
import { inboxInput, inboxPageRows, isFiltered } from "./inbox-input.ts";
import { InboxList } from "./inbox-list.tsx";
import { InboxToolbar } from "./inbox-toolbar.tsx";
import { rememberInbox } from "./last-inbox.ts";
import { StateFilters } from "./state-filters.tsx";
import { useInboxFilter } from "./use-inbox-filter.ts";

/** What needs somebody, who has it and what was closed: one list a state. */
export function InboxView() {
  const target = useTarget();
  const { person } = useConsole();
  const { filter, change, clear, turnTo } = useInboxFilter();
  const input = inboxInput(filter, target);
  const read = useRead("incidents", input);
  const may = roleReaches(person.role, "operator");
  const people = useRead("assignees", {}, { polled: false, enabled: may });
  const board = useRead("checks", {}, { polled: false });
  const after = filter.offset + inboxPageRows;
  const next = read.data && read.data.total > after ? String(after) : null;
  useEffect(() => rememberInbox(window.location.pathname + window.location.search));
  return (
    <Panel
      id="inbox"
      title="Incidents"
      unit={filter.scope === "here" ? `of ${target}` : "of every target"}
      read={read}
      height={360}
      flush
      info={{
        what: "An incident is everything one check, or one cause, finds bad on a target: it appears once, belongs to somebody, and closes itself after 30 minutes of normal. Acknowledging covers the objects that are in it then; another object or a higher severity opens it again.",
      }}
      table={({ incidents }) => ({
        columns: [
          "number",
          "target",
          "check",
          "severity",
          "condition",
          "state",
          "title",
          "objects",
          "assignee",
          "fired",
          "closed",
        ].map((label) => ({ label })),
        rows: incidents.map((each) => [
          each.number,
          each.target,
          each.checkId,
          each.severity,
          each.condition,
          each.state,
          each.title,
          each.firing,
          each.assignee?.name ?? null,
          each.firedAt,
          each.closed?.at ?? null,
        ]),
      })}
    >
      {(page) => (
        <>
          <StateFilters counts={page.counts} chosen={filter.state} onChoose={(state) => change({ state })} />
          <InboxToolbar
            filter={filter}
            checks={board.data?.checks ?? []}
            people={people.data ?? []}
            onChange={change}
            onClear={clear}
          />
          <InboxList
            incidents={page.incidents}
            of={JSON.stringify(input)}
            showsTarget={filter.scope === "everywhere"}
            may={may}
            arriving={read.previous}
            empty={<InboxEmpty state={filter.state} filtered={isFiltered(filter)} onClear={clear} />}
          />
          {(filter.offset > 0 || next !== null) && (
            <PageTurn
              page={filter.offset > 0 ? String(filter.offset) : null}
              older={next}
              arriving={read.previous && read.refreshing}
              onTurn={(offset) => turnTo(Number(offset))}
            />
          )}
          {filter.state === "open" && <TryIdle />}
        </>
      )}
    </Panel>
  );
}
