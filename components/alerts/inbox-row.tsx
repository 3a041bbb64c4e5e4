"use client";

import { CircleUserRound, UserRoundX } from "lucide-react";
import { ConsoleLink } from "@/components/shell/console-link.tsx";
import { cn } from "@/components/ui/cn.ts";
import { Time } from "@/components/ui/time.tsx";
import type { IncidentLine } from "@/lib/alerts/types.ts";
import { useNow } from "@/lib/client/now.ts";
import { useTimeZone } from "@/lib/client/time-zone.ts";
import { inboxColumns } from "./inbox-columns.ts";
import { IncidentMarks } from "./incident-marks.tsx";
import { IncidentStanding } from "./incident-standing.tsx";
import { incidentHref, isUnattended, objectsWords, sinceOf, whoHasIt } from "./incident-words.ts";

interface InboxRowProps {
  incident: IncidentLine;
  /** It stands in its place, though the list has it no more. */
  gone: boolean;
  chosen: boolean;
  /** Null for whoever may only look. */
  onChoose: ((chosen: boolean) => void) | null;
  showsTarget: boolean;
  /** The row that Tab reaches. */
  isStop: boolean;
}

/** One incident in two lines: how it stands and what it is, who has it and since when. */
export function InboxRow({ incident, gone, chosen, onChoose, showsTarget, isStop }: InboxRowProps) {
  return (
    <li
      data-incident={incident.id}
      data-gone={gone || undefined}
      className={cn(
        "relative grid items-center border-b border-hairline last:border-b-0 hover:bg-hover has-[a:focus-visible]:bg-hover md:gap-x-3 md:pr-4",
        onChoose === null ? inboxColumns.looking : inboxColumns.acting,
        chosen && "bg-accent-soft",
        gone && "opacity-55",
      )}
    >
      {onChoose && (
        <label className="relative z-10 row-span-2 self-stretch px-4 pt-3.5 md:row-span-1 md:flex md:items-center md:pt-0">
          <input
            type="checkbox"
            tabIndex={isStop ? 0 : -1}
            aria-label={`Select #${incident.number}: ${incident.title}`}
            className="block size-4 cursor-pointer accent-(--accent)"
            checked={chosen}
            onChange={(event) => onChoose(event.target.checked)}
          />
        </label>
      )}
      <span className="hidden md:block">
        <IncidentStanding incident={incident} />
      </span>
      <div className="min-w-0 pt-2.5 pr-4 pb-1 md:h-14 md:py-2 md:pr-0">
        <p className="flex">
          <ConsoleLink
            href={incidentHref(incident)}
            data-open
            tabIndex={isStop ? 0 : -1}
            title={incident.title}
            className={cn(
              "min-w-0 text-base max-md:line-clamp-2 md:truncate after:absolute after:inset-0",
              isUnattended(incident) ? "font-semibold" : "font-medium",
            )}
          >
            {incident.title}
          </ConsoleLink>
        </p>
        <p className="flex flex-wrap items-center gap-x-2 overflow-hidden text-sm text-muted md:h-4.5 md:flex-nowrap md:*:shrink-0">
          <span className="md:hidden">
            <IncidentStanding incident={incident} />
          </span>
          <span className="text-faint tabular-nums">#{incident.number}</span>
          {showsTarget && <span>{incident.target}</span>}
          <span>{incident.checkTitle}</span>
          {incident.condition === "firing" && <span>{objectsWords(incident.firing)}</span>}
          <IncidentMarks incident={incident} />
        </p>
      </div>
      <p
        className={cn(
          "flex min-w-0 flex-wrap items-center gap-x-3 pr-4 pb-2.5 text-sm md:contents",
          onChoose && "max-md:col-start-2",
        )}
      >
        <Who incident={incident} />
        <span className="ml-auto text-muted md:text-right">
          {gone ? "moved" : <Time at={sinceOf(incident)} />}
        </span>
      </p>
    </li>
  );
}

function Who({ incident }: { incident: IncidentLine }) {
  const zone = useTimeZone();
  // Only the day matters to its words.
  const now = useNow(60_000) ?? incident.firedAt.getTime();
  const words = whoHasIt(incident, now, zone);
  const alone = isUnattended(incident) && !incident.assignee;
  const Icon = alone ? UserRoundX : CircleUserRound;
  return (
    <span
      title={words}
      className={cn("flex min-w-0 items-center gap-1.5", alone ? "font-medium text-ink" : "text-muted")}
    >
      <Icon aria-hidden className="size-3.5 shrink-0 text-faint" />
      <span className="truncate">{words}</span>
    </span>
  );
}
