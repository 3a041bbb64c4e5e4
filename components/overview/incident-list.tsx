"use client";

import { ArrowRight } from "lucide-react";
import { IncidentMarks } from "@/components/alerts/incident-marks.tsx";
import { incidentHref, sinceOf, standing } from "@/components/alerts/incident-words.ts";
import { ConsoleLink } from "@/components/shell/console-link.tsx";
import { StateBadge, StateIcon } from "@/components/ui/state-badge.tsx";
import { Time } from "@/components/ui/time.tsx";
import type { IncidentLine } from "@/lib/alerts/types.ts";
import { useTimeZone } from "@/lib/client/time-zone.ts";
import { IncidentLink } from "./finding-incident.tsx";
import { readableTimes } from "./readable-times.ts";

/** Incidents that no finding tells now: they recover, are normal and not closed yet, or no look confirms them. */
export function IncidentList({ incidents }: { incidents: readonly IncidentLine[] }) {
  const zone = useTimeZone();
  return (
    <ul
      aria-label="Other incidents"
      className="divide-y divide-hairline border-t border-hairline first:border-t-0"
    >
      {incidents.map((incident) => {
        const { state, word } = standing(incident);
        return (
          <li key={incident.id} className="flex items-start gap-3 px-5 py-3 hover:bg-hover">
            <span className="w-5.5 shrink-0 pt-px">
              <StateIcon state={state} />
            </span>
            <div className="grid min-w-0 grow gap-0.5">
              <p className="flex flex-wrap items-baseline gap-x-2">
                <ConsoleLink
                  href={incidentHref(incident)}
                  className="font-medium break-words hover:text-accent"
                >
                  {readableTimes(incident.title, zone)}
                </ConsoleLink>
                <span className="text-xs text-faint">
                  {word} since <Time at={sinceOf(incident)} show="moment" />
                </span>
              </p>
              <p className="flex flex-wrap gap-x-3 text-sm">
                <IncidentLink incident={incident} />
                <IncidentMarks incident={incident} />
              </p>
            </div>
            <span className="hidden shrink-0 items-center gap-2 sm:flex">
              <StateBadge state={state}>{word}</StateBadge>
              <span className="flex w-28 items-center justify-end gap-1 text-sm text-muted">
                Alerts
                <ArrowRight aria-hidden className="size-3.5" />
              </span>
            </span>
          </li>
        );
      })}
    </ul>
  );
}
