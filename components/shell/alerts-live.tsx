"use client";

import { useRouter } from "next/navigation";
import { useEffect, useEffectEvent, useRef } from "react";
import { openInput } from "@/components/alerts/inbox-input.ts";
import { incidentHref } from "@/components/alerts/incident-words.ts";
import type { IncidentLine } from "@/lib/alerts/types.ts";
import { notifications, useNotifications } from "@/lib/client/notifications.ts";
import { useIncidentEvents } from "@/lib/client/use-incident-events.ts";
import { useRead } from "@/lib/client/use-read.ts";
import { AlertAnnouncer } from "./alert-announcer.tsx";
import { TitleBadge } from "./title-badge.tsx";

/** Everything that speaks of alerts on every page: it follows their stream, and tells the tab, the ear and the desktop. */
export function AlertsLive() {
  useIncidentEvents();
  const { data: count } = useRead("openIncidents", {}, { target: "", polled: false });
  const wanted = useNotifications() === "on";
  return (
    <>
      <TitleBadge count={count?.unattended ?? 0} />
      {count && <AlertAnnouncer count={count} />}
      {wanted && <DesktopNotifier />}
    </>
  );
}

/** Shows what begins to wait for somebody, while nobody looks at this window. */
function DesktopNotifier() {
  const router = useRouter();
  const { data } = useRead("incidents", openInput, { target: "", polled: false });
  const known = useRef<ReadonlySet<string> | null>(null);
  const compare = useEffectEvent((incidents: readonly IncidentLine[]) => {
    const before = known.current;
    known.current = new Set(incidents.map(firingKey));
    if (before === null || document.hasFocus() || !notifications.isOurs()) return;
    for (const incident of incidents) {
      if (before.has(firingKey(incident)) || incident.hushed || incident.condition === "normal") continue;
      notifications.show({
        title: `${incident.severity} on ${incident.target}: ${incident.checkTitle}`,
        body: incident.title,
        tag: incident.id,
        onOpen: () => router.push(incidentHref(incident)),
      });
    }
  });
  const incidents = data?.incidents;
  useEffect(() => {
    if (incidents) compare(incidents);
  }, [incidents]);
  return null;
}

/** The same incident is shown again when it fires anew or more gravely. */
const firingKey = ({ id, firedAt, severity }: IncidentLine) => `${id} ${firedAt.getTime()} ${severity}`;
