"use client";

import {
  Bell,
  BellOff,
  Bot,
  Check,
  CircleAlert,
  CircleCheck,
  CircleHelp,
  KeyRound,
  type LucideIcon,
  MessageSquare,
  Moon,
  RotateCcw,
  Undo2,
  UserRound,
  Waves,
  Wrench,
  X,
} from "lucide-react";
import { readableTimes } from "@/components/overview/readable-times.ts";
import { cn } from "@/components/ui/cn.ts";
import { Time } from "@/components/ui/time.tsx";
import type { IncidentEventKind } from "@/lib/alerting/incident.ts";
import type { IncidentEvent } from "@/lib/alerts/types.ts";
import { useNow } from "@/lib/client/now.ts";
import { useTimeZone } from "@/lib/client/time-zone.ts";
import { eventText, eventWords } from "./timeline-words.ts";

const icons: Record<IncidentEventKind, LucideIcon> = {
  opened: CircleAlert,
  fired: CircleAlert,
  object_joined: CircleAlert,
  object_left: CircleCheck,
  severity_rose: CircleAlert,
  severity_fell: CircleCheck,
  unconfirmed: CircleHelp,
  confirmed: CircleCheck,
  resolved: CircleCheck,
  refired: RotateCcw,
  flapping: Waves,
  steadied: Waves,
  acknowledged: Check,
  unacknowledged: Undo2,
  acknowledgement_ended: Undo2,
  reopened: RotateCcw,
  assigned: UserRound,
  commented: MessageSquare,
  snoozed: Moon,
  snooze_ended: Moon,
  silenced: BellOff,
  unsilenced: Bell,
  told: Bell,
  telling_failed: BellOff,
  action: Wrench,
  closed: X,
};
const grave: readonly IncidentEventKind[] = [
  "opened",
  "fired",
  "object_joined",
  "severity_rose",
  "refired",
  "telling_failed",
];
const fine: readonly IncidentEventKind[] = ["resolved", "object_left"];

interface TimelineProps {
  events: readonly IncidentEvent[];
  /** A comment on its way. */
  sending: string | null;
}

/** What the machine saw and people did, oldest first. */
export function IncidentTimeline({ events, sending }: TimelineProps) {
  const zone = useTimeZone();
  const now = useNow(60_000) ?? 0;
  return (
    <ol className="grid">
      {events.map((event) => {
        const Icon = icons[event.kind];
        const text = eventText(event);
        return (
          <li key={event.id} data-event={event.kind} className="group relative flex gap-3 pb-3.5">
            <Stem />
            <Icon
              aria-hidden
              className={cn(
                "relative mt-0.5 size-4 shrink-0 bg-panel",
                grave.includes(event.kind)
                  ? "text-critical"
                  : fine.includes(event.kind)
                    ? "text-ok"
                    : "text-faint",
              )}
            />
            <div className="min-w-0 grow text-sm">
              <p className="flex flex-wrap items-baseline gap-x-2">
                <span className={cn("min-w-0 break-words", event.actor?.kind === "user" && "font-medium")}>
                  {readableTimes(eventWords(event, now, zone), zone)}
                </span>
                <ByWhat actor={event.actor} />
                <span className="text-xs text-faint">
                  <Time at={event.at} show="second" /> · <Time at={event.at} />
                </span>
              </p>
              {text && <Said>{text}</Said>}
            </div>
          </li>
        );
      })}
      {sending !== null && (
        <li className="relative flex gap-3 pb-3.5" data-event="sending">
          <MessageSquare aria-hidden className="relative mt-0.5 size-4 shrink-0 bg-panel text-faint" />
          <div className="min-w-0 grow text-sm opacity-70">
            <p>You commented · sending…</p>
            <Said>{sending}</Said>
          </div>
        </li>
      )}
    </ol>
  );
}

/** Joins one mark to the next. */
function Stem() {
  return (
    <span
      aria-hidden
      className="absolute top-5 bottom-0 left-2 w-px group-last:hidden -translate-x-1/2 bg-hairline-strong"
    />
  );
}

function Said({ children }: { children: string }) {
  return (
    <p className="mt-1 max-w-160 rounded-md bg-inset px-3 py-2 break-words whitespace-pre-wrap">{children}</p>
  );
}

/** Marks what no person at a page did. */
function ByWhat({ actor }: Pick<IncidentEvent, "actor">) {
  if (actor === null) return null;
  if (actor.kind === "token")
    return <KeyRound aria-label="by a token" className="size-3.5 self-center text-faint" />;
  if (actor.kind === "system")
    return <Bot aria-label="by itself" className="size-3.5 self-center text-faint" />;
  return null;
}
