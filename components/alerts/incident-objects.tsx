"use client";

import { ArrowRight } from "lucide-react";
import { findingHref } from "@/components/overview/finding-page.ts";
import { readableTimes } from "@/components/overview/readable-times.ts";
import { formatFigure } from "@/components/settings/check-words.ts";
import { useConsole } from "@/components/shell/console-context.tsx";
import { ConsoleLink } from "@/components/shell/console-link.tsx";
import { MuteObject } from "@/components/silences/mute-object.tsx";
import { StateBadge } from "@/components/ui/state-badge.tsx";
import { Time } from "@/components/ui/time.tsx";
import type { IncidentPage } from "@/lib/alerts/types.ts";
import { roleReaches } from "@/lib/client/roles.ts";
import { useTimeZone } from "@/lib/client/time-zone.ts";
import { objectName } from "./object-name.ts";

type IncidentAlert = IncidentPage["alerts"][number];

/** Every object it is about, how each stands and the page that shows it. */
export function IncidentObjects({ alerts }: { alerts: IncidentPage["alerts"] }) {
  const zone = useTimeZone();
  const { person } = useConsole();
  const mayMute = roleReaches(person.role, "operator");
  return (
    <ul className="divide-y divide-hairline">
      {alerts.map((alert) => (
        <li key={alert.id} data-alert={alert.condition} className="grid gap-0.5 py-2.5 text-sm">
          <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
            <Condition alert={alert} />
            <ConsoleLink
              href={findingHref({ path: alert.path, check: alert.labels.check }, alert.target)}
              className="group inline-flex max-w-full min-w-0 items-center gap-1 font-medium hover:text-accent"
            >
              <span className="min-w-0 wrap-anywhere">{readableTimes(objectName(alert.object), zone)}</span>
              <ArrowRight aria-hidden className="size-3.5 shrink-0 text-faint group-hover:text-accent" />
            </ConsoleLink>
            {alert.value !== null && (
              <span className="text-muted">
                {formatFigure(alert.value, alert.unit as Parameters<typeof formatFigure>[1])}
              </span>
            )}
            <span className="ml-auto text-xs text-faint">
              since <Time at={alert.firedAt ?? alert.since} show="moment" />
            </span>
          </p>
          <p className="break-words text-muted">{readableTimes(alert.words.title, zone)}</p>
          {alert.unconfirmed && (
            <p className="text-xs text-faint">
              Not confirmed since <Time at={alert.unconfirmed.since} show="moment" />:{" "}
              {alert.unconfirmed.reason}
            </p>
          )}
          {mayMute && alert.condition !== "normal" && alert.object.kind !== "session" && (
            <p className="-ml-2">
              <MuteObject target={alert.target} labels={alert.labels} name={objectName(alert.object)} />
            </p>
          )}
        </li>
      ))}
    </ul>
  );
}

function Condition({ alert: { condition, severity } }: { alert: IncidentAlert }) {
  if (condition === "normal") return <StateBadge state="ok">fine</StateBadge>;
  const word = condition === "firing" ? (severity ?? "firing") : condition;
  return <StateBadge state={severity ?? "unknown"}>{word}</StateBadge>;
}
