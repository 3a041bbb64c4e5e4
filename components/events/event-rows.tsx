"use client";

import { cn } from "@/components/ui/cn.ts";
import { EmptyState } from "@/components/ui/empty-state.tsx";
import { StateBadge } from "@/components/ui/state-badge.tsx";
import { Time } from "@/components/ui/time.tsx";
import { useRowKeys } from "@/components/ui/use-row-keys.ts";
import type { EventSummary } from "@/lib/events/types.ts";
import { shortToken } from "./event-words.ts";
import { keyText } from "./events-input.ts";

interface RowsProps {
  events: readonly EventSummary[];
  openKey: string | null;
  onOpen: (key: string) => void;
}

const cell = "hidden px-3 text-xs whitespace-nowrap";

export function EventRows({ events, openKey, onOpen }: RowsProps) {
  const body = useRowKeys(
    (key) => events.find((event) => keyText(event) === key),
    (event) => onOpen(keyText(event)),
  );
  if (events.length === 0)
    return (
      <div className="h-110 border-t border-hairline">
        <EmptyState title="No matching events in this time range">
          Widen the time range at the top, or take a filter away.
        </EmptyState>
      </div>
    );
  return (
    <table className="w-full border-collapse text-sm">
      <caption className="sr-only">Events, newest first</caption>
      <thead className="text-left text-xs text-faint max-sm:sr-only">
        <tr className="border-t border-hairline [&_th]:py-1.5 [&_th]:font-normal">
          <th scope="col" className="pl-4">
            When
          </th>
          <th scope="col" className="px-3">
            What
          </th>
          <th scope="col" className={cn(cell, "md:table-cell")}>
            Actor
          </th>
          <th scope="col" className={cn(cell, "lg:table-cell")}>
            Organisation
          </th>
          <th scope="col" className={cn(cell, "xl:table-cell")}>
            Class
          </th>
          <th scope="col" className="pr-4 pl-3 text-right">
            Status
          </th>
        </tr>
      </thead>
      <tbody ref={body}>
        {events.map((event) => {
          const key = keyText(event);
          return (
            <tr
              key={key}
              data-key={key}
              aria-current={key === openKey ? "true" : undefined}
              className={cn(
                "h-9 cursor-pointer border-t border-hairline focus-within:bg-hover hover:bg-hover",
                key === openKey && "bg-accent-soft",
              )}
            >
              <td className="pl-4 text-xs whitespace-nowrap text-muted tabular-nums">
                <Time at={event.occurredAt} show="second" />
              </td>
              <td className="w-full max-w-0 px-3">
                <button
                  type="button"
                  data-open
                  onClick={() => onOpen(key)}
                  className="flex w-full min-w-0 items-baseline gap-2 text-left"
                >
                  <span className="shrink-0 font-medium max-sm:shrink">{event.action}</span>
                  <span className="min-w-0 truncate text-muted">
                    {[event.targetType, shortToken(event.targetId)].filter(Boolean).join(" ")}
                  </span>
                </button>
              </td>
              <td
                className={cn(cell, "font-mono text-muted md:table-cell")}
                title={event.actorToken ?? undefined}
              >
                {shortToken(event.actorToken) ?? "–"}
              </td>
              <td className={cn(cell, "max-w-40 truncate text-muted lg:table-cell")}>
                {event.organizationId}
              </td>
              <td className={cn(cell, "text-faint xl:table-cell")}>{event.dataClassification}</td>
              <td className="pr-4 pl-3 text-right">
                {event.status === "failure" && <StateBadge state="warning">failure</StateBadge>}
                {event.status === "attempt" && <StateBadge state="notice">attempt</StateBadge>}
                {event.status === "success" && <span className="text-xs text-faint">success</span>}
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
