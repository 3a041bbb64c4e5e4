"use client";

import { Bell } from "lucide-react";
import { useState } from "react";
import { openInput } from "@/components/alerts/inbox-input.ts";
import { incidentHref, whoHasIt } from "@/components/alerts/incident-words.ts";
import { cn } from "@/components/ui/cn.ts";
import { Popover } from "@/components/ui/popover.tsx";
import { Skeleton } from "@/components/ui/skeleton.tsx";
import { type State, StateIcon } from "@/components/ui/state-badge.tsx";
import { Time } from "@/components/ui/time.tsx";
import { useNow } from "@/lib/client/now.ts";
import { useTimeZone } from "@/lib/client/time-zone.ts";
import { useRead } from "@/lib/client/use-read.ts";
import { ConsoleLink } from "./console-link.tsx";
import { useCurrentTarget } from "./current-target.ts";
import { NotificationSwitch } from "./notification-switch.tsx";
import { openCountWords, worstOpen } from "./open-count-words.ts";

const dots: Record<State, string> = {
  ok: "bg-unknown",
  notice: "bg-notice",
  warning: "bg-warning",
  critical: "bg-critical",
  unknown: "bg-unknown",
};

/** How many incidents wait for somebody, on every target, and the way to them. */
export function AlertBell() {
  const [open, setOpen] = useState(false);
  const { data: count } = useRead("openIncidents", {}, { target: "", polled: false });
  const waiting = count?.unattended ?? 0;
  const words = count ? openCountWords(count) : "Alerts";
  return (
    <Popover
      label="Alerts"
      className="w-96 max-w-[calc(100vw-1rem)]"
      open={open}
      onOpenChange={setOpen}
      trigger={
        <button
          type="button"
          aria-label={`Alerts: ${words}`}
          title={words}
          className="relative inline-flex size-8 shrink-0 items-center justify-center rounded-md text-muted hover:bg-hover hover:text-ink data-[state=open]:bg-hover"
        >
          <Bell aria-hidden className="size-4" />
          {waiting > 0 && count && (
            <span
              aria-hidden
              data-bell-count
              className={cn(
                "absolute -top-0.5 left-1/2 grid h-4 min-w-4 place-items-center rounded-full px-1 text-2xs leading-none font-semibold text-panel tabular-nums",
                dots[worstOpen(count)],
              )}
            >
              {waiting > 99 ? "99+" : waiting}
            </span>
          )}
        </button>
      }
    >
      <BellList words={words} onGo={() => setOpen(false)} />
    </Popover>
  );
}

function BellList({ words, onGo }: { words: string; onGo: () => void }) {
  const target = useCurrentTarget();
  const zone = useTimeZone();
  const now = useNow(60_000) ?? 0;
  const { data, error } = useRead("incidents", openInput, { target: "", polled: false });
  const shown = data?.incidents.slice(0, 6) ?? [];
  return (
    <div className="text-sm">
      <p className="border-b border-hairline px-4 py-2.5 font-medium">{words}</p>
      {!data ? (
        <div className="p-4">
          {error ? <p className="text-muted">{error.message}</p> : <Skeleton className="h-16" />}
        </div>
      ) : shown.length === 0 ? (
        <p className="px-4 py-5 text-center text-muted">Nothing waits for anybody.</p>
      ) : (
        <ul className="divide-y divide-hairline">
          {shown.map((incident) => (
            <li key={incident.id}>
              <ConsoleLink
                href={incidentHref(incident)}
                onClick={onGo}
                className="flex items-start gap-2.5 px-4 py-2.5 -outline-offset-2 hover:bg-hover"
              >
                <StateIcon
                  state={incident.condition === "firing" ? incident.severity : "ok"}
                  className="mt-0.5"
                />
                <span className="min-w-0 grow">
                  <span className="line-clamp-2 font-medium break-words">{incident.title}</span>
                  <span className="flex gap-2 text-xs text-muted">
                    <span className="min-w-0 truncate">
                      {incident.target} · {whoHasIt(incident, now, zone)}
                    </span>
                    <Time at={incident.firedAt} className="ml-auto shrink-0 text-faint" />
                  </span>
                </span>
              </ConsoleLink>
            </li>
          ))}
        </ul>
      )}
      <div className="flex flex-wrap items-center gap-2 border-t border-hairline px-4 py-2.5">
        {target !== null && (
          <ConsoleLink
            href={`/${encodeURIComponent(target)}/alerts?scope=everywhere`}
            onClick={onGo}
            className="font-medium text-accent hover:underline"
          >
            All alerts
          </ConsoleLink>
        )}
        <span className="ml-auto">
          <NotificationSwitch />
        </span>
      </div>
    </div>
  );
}
