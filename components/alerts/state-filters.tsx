"use client";

import { BellRing, CheckCheck, Inbox, type LucideIcon, Moon } from "lucide-react";
import { cn } from "@/components/ui/cn.ts";
import type { IncidentState } from "@/lib/alerting/incident.ts";
import { inboxStates } from "./inbox-input.ts";

const looks: Record<IncidentState, { icon: LucideIcon; word: string }> = {
  open: { icon: Inbox, word: "Open" },
  acknowledged: { icon: CheckCheck, word: "Acknowledged" },
  snoozed: { icon: Moon, word: "Snoozed" },
  closed: { icon: BellRing, word: "Closed" },
};

interface StateFiltersProps {
  counts: Readonly<Record<IncidentState, number>>;
  chosen: IncidentState;
  onChoose: (state: IncidentState) => void;
}

/** How many are in which state, each the list of its own. */
export function StateFilters({ counts, chosen, onChoose }: StateFiltersProps) {
  return (
    <fieldset className="flex flex-wrap gap-1 px-4 pt-1 pb-3 sm:gap-1.5">
      <legend className="sr-only">State</legend>
      {inboxStates.map((state) => {
        const { icon: Icon, word } = looks[state];
        const mine = state === chosen;
        return (
          <button
            key={state}
            type="button"
            aria-pressed={mine}
            onClick={() => onChoose(state)}
            className={cn(
              "flex h-7 items-center gap-1.5 rounded-md border px-1.5 text-sm whitespace-nowrap sm:px-2",
              mine ? "border-accent bg-accent-soft text-accent" : "border-hairline bg-panel hover:bg-hover",
              counts[state] === 0 && !mine && "text-faint",
            )}
          >
            <Icon aria-hidden className="size-3.5 max-sm:hidden" />
            {word}
            <span className="font-medium tabular-nums">{counts[state]}</span>
          </button>
        );
      })}
    </fieldset>
  );
}
