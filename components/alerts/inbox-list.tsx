"use client";

import { type ReactNode, useState } from "react";
import { cn } from "@/components/ui/cn.ts";
import type { IncidentLine } from "@/lib/alerts/types.ts";
import { InboxBulkBar } from "./inbox-bulk-bar.tsx";
import { InboxRow } from "./inbox-row.tsx";
import { KeyHints } from "./key-hints.tsx";
import { useHeldRows } from "./use-held-rows.ts";
import { useIncidentVerbs } from "./use-incident-verbs.tsx";
import { useListKeys, type VerbKey } from "./use-list-keys.ts";
import type { Verb } from "./verb-words.ts";

interface InboxListProps {
  incidents: readonly IncidentLine[];
  /** What they are the list of, as text. */
  of: string;
  showsTarget: boolean;
  /** Whether the person may act. */
  may: boolean;
  /** The rows are still those of the filter before. */
  arriving: boolean;
  empty: ReactNode;
}

const verbOfKey: Record<VerbKey, Verb> = { a: "acknowledge", s: "snooze", c: "comment", e: "close" };

/** The rows, their keys, and what may be done to those that are selected. */
export function InboxList({ incidents, of, showsTarget, may, arriving, empty }: InboxListProps) {
  const [held, setHeld] = useState(false);
  const { rows, waiting, letGo } = useHeldRows(incidents, of, held);
  const [chosenIds, setChosenIds] = useState<ReadonlySet<string>>(new Set());
  const [stopId, setStopId] = useState<string | null>(null);
  const verbs = useIncidentVerbs({
    onDone: () => {
      setChosenIds(new Set());
      letGo();
    },
  });
  const chosen = rows.flatMap(({ row, gone }) => (!gone && chosenIds.has(row.id) ? [row] : []));
  const choose = (id: string, on: boolean) =>
    setChosenIds((last) => {
      const next = new Set(last);
      if (on) next.add(id);
      else next.delete(id);
      return next;
    });
  const { list, onKeyDown } = useListKeys({
    choose: (id) => may && choose(id, !chosenIds.has(id)),
    act: (key, id) => {
      const focused = rows.find(({ row, gone }) => row.id === id && !gone);
      const about = chosen.length > 0 ? chosen : focused ? [focused.row] : [];
      if (may && about.length > 0) verbs.ask(verbOfKey[key], about);
    },
    back: () => setChosenIds(new Set()),
  });
  const stop = rows.some(({ row }) => row.id === stopId) ? stopId : rows[0]?.row.id;
  return (
    <section
      aria-label="Incidents"
      className={cn("relative border-t border-hairline", arriving && "opacity-55")}
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={(event) => setHeld(event.currentTarget.contains(document.activeElement))}
      onFocus={(event) => {
        setHeld(true);
        const id = event.target.closest<HTMLElement>("[data-incident]")?.dataset.incident;
        if (id) setStopId(id);
      }}
      onBlur={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget))
          setHeld(event.currentTarget.matches(":hover"));
      }}
      onKeyDown={onKeyDown}
    >
      {waiting > 0 && (
        <button
          type="button"
          onClick={letGo}
          className="absolute top-1 left-1/2 z-20 h-7 -translate-x-1/2 rounded-full border border-accent bg-accent px-3 text-sm font-medium text-on-accent shadow-raised"
        >
          {waiting === 1 ? "Show 1 more" : `Show ${waiting} more`}
        </button>
      )}
      {rows.length === 0 ? (
        <div className="h-56">{empty}</div>
      ) : (
        <ul ref={list}>
          {rows.map(({ row, gone }) => (
            <InboxRow
              key={row.id}
              incident={row}
              gone={gone}
              chosen={chosenIds.has(row.id)}
              onChoose={may && !gone ? (on) => choose(row.id, on) : null}
              showsTarget={showsTarget}
              isStop={row.id === stop}
            />
          ))}
        </ul>
      )}
      {rows.length > 0 && <KeyHints may={may} />}
      {may && (
        <InboxBulkBar
          chosen={chosen}
          ask={verbs.ask}
          onAssign={(to) => verbs.assign(chosen, to)}
          onClear={() => setChosenIds(new Set())}
        />
      )}
      {verbs.dialog}
    </section>
  );
}
