"use client";

import { ConsoleLink } from "@/components/shell/console-link.tsx";
import { StateIcon } from "@/components/ui/state-badge.tsx";
import { formatNumber } from "@/lib/client/format.ts";
import type { Hushing } from "@/lib/silences/types.ts";

/** The alerts that fire and are meant, each with its incident. */
export function HushingList({ hushing }: { hushing: Hushing }) {
  const { list, alerts } = hushing;
  return (
    <ul className="grid gap-1">
      {list.map(({ incident, target, severity, title, check }) => (
        <li key={`${incident.id} ${check} ${title}`} className="flex items-start gap-2 text-sm">
          <StateIcon state={severity} className="mt-0.5" />
          <span className="min-w-0 break-words">
            <ConsoleLink
              href={`/${encodeURIComponent(target)}/alerts/${incident.number}`}
              className="text-accent underline underline-offset-2"
            >
              #{incident.number}
            </ConsoleLink>{" "}
            {title}
          </span>
        </li>
      ))}
      {alerts > list.length && (
        <li className="text-sm text-muted">and {formatNumber(alerts - list.length)} more</li>
      )}
    </ul>
  );
}
