"use client";

import { Command } from "cmdk";
import {
  ArrowRight,
  Bell,
  CalendarClock,
  Check,
  CircleAlert,
  Clock,
  Database,
  HeartPulse,
  Inbox,
  Keyboard,
  LogOut,
  Moon,
  RotateCw,
  Search,
} from "lucide-react";
import { useRouter } from "next/navigation";
import { useTheme } from "next-themes";
import * as Radix from "radix-ui/dialog";
import { useState } from "react";
import { openInput } from "@/components/alerts/inbox-input.ts";
import { incidentHref, isUnattended } from "@/components/alerts/incident-words.ts";
import { floatingBox } from "@/components/ui/floating-box.ts";
import { Kbd } from "@/components/ui/kbd.tsx";
import { useReturnFocus } from "@/components/ui/use-return-focus.ts";
import type { IncidentLine } from "@/lib/alerts/types.ts";
import { offeredCommands } from "@/lib/client/page-commands.ts";
import { rangeLabels, ranges } from "@/lib/client/ranges.ts";
import { useRefreshClock } from "@/lib/client/refresh-clock.tsx";
import { roleReaches } from "@/lib/client/roles.ts";
import { setTimeZone, useTimeZone } from "@/lib/client/time-zone.ts";
import { useKeptHref, useOwnQueries, useTimeRange } from "@/lib/client/url-state.ts";
import { useRead } from "@/lib/client/use-read.ts";
import { useConsole } from "./console-context.tsx";
import { useCurrentTarget } from "./current-target.ts";
import { pageHref, pages } from "./navigation.ts";
import { groupStyle, PaletteItem } from "./palette-item.tsx";
import { PaletteRequests } from "./palette-requests.tsx";
import { leave, themes } from "./person-menu.tsx";

/** Places within the page of jobs that somebody looks for by name. */
const jobPlaces = [
  { label: "Failed jobs", query: "state=failed", icon: CircleAlert, keywords: ["retry", "error"] },
  {
    label: "Schedules",
    query: "view=schedules",
    icon: CalendarClock,
    keywords: ["cron", "pause", "next run"],
  },
  { label: "Duties", query: "view=duties", icon: HeartPulse, keywords: ["leader", "heartbeat", "worker"] },
];

/** Places around requests of people, for privacy officers. */
const requestPlaces = [
  { label: "Requests", path: "requests", icon: Inbox, keywords: ["gdpr", "dsar", "deadline", "board"] },
  { label: "Requests by calendar", path: "requests?view=calendar", icon: CalendarClock, keywords: ["due"] },
  {
    label: "Overdue requests",
    path: "requests?view=list&overdue=true",
    icon: CircleAlert,
    keywords: ["late"],
  },
];

interface PaletteProps {
  onClose: () => void;
  onHelp: () => void;
  onAcknowledge: (incident: IncidentLine) => void;
}

/** ⌘K: pages, targets, open incidents, ranges, theme, actions. */
export function CommandPalette({ onClose, onHelp, onAcknowledge }: PaletteProps) {
  const router = useRouter();
  const keep = useKeptHref();
  const target = useCurrentTarget();
  const { targets, person } = useConsole();
  const { data: open } = useRead("incidents", openInput, { target: "", polled: false });
  const range = useTimeRange();
  const zone = useTimeZone();
  const { setTheme } = useTheme();
  const { hideOwn, setHideOwn } = useOwnQueries();
  const { refreshNow } = useRefreshClock();
  const run = (action: () => void) => () => {
    onClose();
    action();
  };
  const overview = pages[0];
  const focus = useReturnFocus();
  const [search, setSearch] = useState("");
  const [offered] = useState(offeredCommands);

  return (
    <Radix.Root open onOpenChange={(open) => !open && onClose()}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-50 bg-scrim" />
        <Radix.Content
          aria-describedby={undefined}
          onOpenAutoFocus={focus.remember}
          onCloseAutoFocus={focus.giveBack}
          className={`${floatingBox} fixed top-[12vh] left-1/2 w-[calc(100vw-2rem)] max-w-140 -translate-x-1/2 overflow-hidden`}
        >
          <Radix.Title className="sr-only">Search</Radix.Title>
          <Command label="Search" loop>
            <div className="flex items-center gap-2.5 border-b border-hairline px-4">
              <Search aria-hidden className="size-4 text-faint" />
              <Command.Input
                value={search}
                onValueChange={setSearch}
                placeholder="Search pages, targets, ranges, actions"
                className="h-12 w-full bg-transparent text-base outline-none placeholder:text-faint"
              />
            </div>
            <Command.List className="max-h-[55vh] overflow-y-auto p-2">
              <Command.Empty className="px-2 py-6 text-center text-sm text-muted">No results</Command.Empty>
              {offered.length > 0 && (
                <Command.Group heading="On this page" className={groupStyle}>
                  {offered.map((command) => (
                    <PaletteItem key={command.label} icon={<ArrowRight />} onSelect={run(command.run)}>
                      {command.label}
                    </PaletteItem>
                  ))}
                </Command.Group>
              )}
              <Command.Group heading="Pages" className={groupStyle}>
                {pages.map((page) => {
                  if (page.path.includes("{target}") && !target) return null;
                  const Icon = page.icon;
                  return (
                    <PaletteItem
                      key={page.path}
                      icon={<Icon />}
                      keywords={[page.question]}
                      aside={<Kbd keys={`g ${page.key}`} />}
                      onSelect={run(() => router.push(keep(pageHref(page, target ?? ""))))}
                    >
                      {page.label}
                      <span className="ml-2 text-faint">{page.question}</span>
                    </PaletteItem>
                  );
                })}
              </Command.Group>
              {target !== null && (
                <Command.Group heading="Jobs" className={groupStyle}>
                  {jobPlaces.map(({ label, query, icon: Icon, keywords }) => (
                    <PaletteItem
                      key={query}
                      icon={<Icon />}
                      keywords={keywords}
                      onSelect={run(() => router.push(keep(`/${encodeURIComponent(target)}/jobs?${query}`)))}
                    >
                      {label}
                    </PaletteItem>
                  ))}
                </Command.Group>
              )}
              {target !== null && roleReaches(person.role, "privacy_officer") && (
                <Command.Group heading="Privacy" className={groupStyle}>
                  {requestPlaces.map(({ label, path, icon: Icon, keywords }) => (
                    <PaletteItem
                      key={path}
                      icon={<Icon />}
                      keywords={keywords}
                      onSelect={run(() =>
                        router.push(keep(`/${encodeURIComponent(target)}/privacy/${path}`)),
                      )}
                    >
                      {label}
                    </PaletteItem>
                  ))}
                </Command.Group>
              )}
              {target !== null && roleReaches(person.role, "privacy_officer") && (
                <PaletteRequests
                  target={target}
                  search={search}
                  onGo={(href) => run(() => router.push(keep(href)))()}
                />
              )}
              {targets.length > 1 && overview && (
                <Command.Group heading="Targets" className={groupStyle}>
                  {targets.map((each) => (
                    <PaletteItem
                      key={each.name}
                      icon={<Database />}
                      keywords={["target"]}
                      onSelect={run(() => router.push(keep(pageHref(overview, each.name))))}
                    >
                      {each.name}
                    </PaletteItem>
                  ))}
                </Command.Group>
              )}
              {open && open.incidents.length > 0 && (
                <Command.Group heading="Alerts" className={groupStyle}>
                  {open.incidents.map((incident) => (
                    <PaletteItem
                      key={incident.id}
                      icon={<Bell />}
                      // A long sentence holds the letters of anything that is typed.
                      value={`open #${incident.number} ${incident.checkTitle}`}
                      keywords={["incident"]}
                      onSelect={run(() => router.push(keep(incidentHref(incident))))}
                    >
                      Open #{incident.number}
                      <span className="ml-2 text-faint">{incident.title}</span>
                    </PaletteItem>
                  ))}
                  {roleReaches(person.role, "operator") &&
                    open.incidents.filter(isUnattended).map((incident) => (
                      <PaletteItem
                        key={`acknowledge ${incident.id}`}
                        icon={<Check />}
                        value={`acknowledge #${incident.number} ${incident.checkTitle}`}
                        keywords={["incident"]}
                        onSelect={run(() => onAcknowledge(incident))}
                      >
                        Acknowledge #{incident.number}
                        <span className="ml-2 text-faint">{incident.title}</span>
                      </PaletteItem>
                    ))}
                </Command.Group>
              )}
              <Command.Group heading="Time range" className={groupStyle}>
                {ranges.map((choice) => (
                  <PaletteItem
                    key={choice}
                    icon={<Clock />}
                    keywords={[choice, "range"]}
                    onSelect={run(() => range.setChoice(choice))}
                  >
                    {rangeLabels[choice]}
                  </PaletteItem>
                ))}
                <PaletteItem
                  icon={<Clock />}
                  onSelect={run(() => setTimeZone(zone === "utc" ? "local" : "utc"))}
                >
                  {zone === "utc" ? "Show times in the local zone" : "Show times in UTC"}
                </PaletteItem>
              </Command.Group>
              <Command.Group heading="Actions" className={groupStyle}>
                <PaletteItem icon={<RotateCw />} onSelect={run(refreshNow)}>
                  Refresh now
                </PaletteItem>
                <PaletteItem icon={<Database />} onSelect={run(() => setHideOwn(!hideOwn))}>
                  {hideOwn ? "Show the console's own queries" : "Hide the console's own queries"}
                </PaletteItem>
                {themes.map(([value, label]) => (
                  <PaletteItem key={value} icon={<Moon />} onSelect={run(() => setTheme(value))}>
                    Theme: {label}
                  </PaletteItem>
                ))}
                <PaletteItem icon={<Keyboard />} onSelect={onHelp}>
                  Keyboard shortcuts
                </PaletteItem>
                <PaletteItem icon={<LogOut />} onSelect={run(() => void leave())}>
                  Sign out
                </PaletteItem>
              </Command.Group>
            </Command.List>
          </Command>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
