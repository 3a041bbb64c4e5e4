"use client";

import { dayWords, deadlineOf, deadlineWords, requestPath } from "@/components/requests/request-words.ts";
import { ConsoleLink } from "@/components/shell/console-link.tsx";
import { cn } from "@/components/ui/cn.ts";
import { StateIcon, stateText } from "@/components/ui/state-badge.tsx";
import { useTarget } from "@/lib/client/use-target.ts";
import { requestKinds } from "@/lib/request-law/kinds.ts";
import type { RequestSummary } from "@/lib/requests/types.ts";
import { type MonthProps, monthWords, weekDays, weeksOf } from "./calendar-month.ts";
import { SmallDays } from "./calendar-small-days.tsx";

/** Days in weeks, each with what is due on it. */
export function CalendarGrid({ month, today, due }: MonthProps & { today: string }) {
  return (
    <table className="hidden w-full table-fixed border-y border-hairline sm:table">
      <caption className="sr-only">Due days of {monthWords(month)}</caption>
      <thead>
        <tr>
          {weekDays.map((day) => (
            <th key={day} scope="col" className="px-2 py-1.5 text-left text-xs font-medium text-faint">
              {day}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {weeksOf(month).map((week) => (
          <tr key={week[0]?.day} className="border-t border-hairline">
            {week.map(({ day, inMonth }, index) => (
              <td
                key={day}
                className={cn(
                  "h-[68px] border-l border-hairline p-1.5 align-top first:border-l-0",
                  !inMonth ? "bg-inset" : index > 4 && "bg-inset/50",
                )}
              >
                <span
                  className={cn(
                    "inline-flex h-5 min-w-5 items-center justify-center rounded-sm px-1 text-xs tabular-nums",
                    day === today
                      ? "bg-accent font-semibold text-on-accent"
                      : inMonth
                        ? "text-muted"
                        : "text-faint",
                  )}
                >
                  {day === today && <span className="sr-only">Today, </span>}
                  {Number(day.slice(8))}
                </span>
                <ul className="mt-1 grid gap-1">
                  {due.get(day)?.map((request) => (
                    <li key={request.id}>
                      <DueLink request={request} />
                    </li>
                  ))}
                </ul>
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** A phone has no room for links in a grid: days with their marks, and below what is due on each. */
export function CalendarAgenda({ month, today, due }: MonthProps & { today: string }) {
  const days = [...due].filter(([day]) => day.startsWith(month));
  return (
    <div className="border-t border-hairline sm:hidden">
      <SmallDays month={month} today={today} due={due} />
      <div className="border-t border-hairline px-4 py-3">
        {days.length === 0 ? (
          <p className="text-sm text-muted">Nothing is due in {monthWords(month)}.</p>
        ) : (
          <ul className="grid gap-3">
            {days.map(([day, requests]) => (
              <li key={day} className="grid gap-1.5">
                <p className="text-sm font-medium">{dayWords(day)}</p>
                {requests.map((request) => (
                  <DueLink key={request.id} request={request} />
                ))}
              </li>
            ))}
          </ul>
        )}
      </div>
    </div>
  );
}

function DueLink({ request }: { request: RequestSummary }) {
  const target = useTarget();
  const { state } = deadlineOf(request);
  const bad = state === "critical" || state === "warning";
  return (
    <ConsoleLink
      href={requestPath(target, request.number)}
      title={deadlineWords(request)}
      className={cn(
        "flex min-w-0 items-center gap-1 rounded-sm border border-hairline-strong bg-panel px-1.5 py-0.5 text-xs hover:bg-hover max-sm:gap-1.5 max-sm:px-2.5 max-sm:py-1.5 max-sm:text-sm",
        bad && stateText[state],
      )}
    >
      {bad && <StateIcon state={state} className="size-3" />}
      <span className="min-w-0 truncate">
        <span className="sr-only">Request </span>#{request.number} {requestKinds[request.kind].title}
      </span>
      {/* A day's cell has room for its icon and colour alone; the words are read out there. */}
      <span className="ml-auto shrink-0 sm:sr-only"> {deadlineWords(request)}</span>
    </ConsoleLink>
  );
}
