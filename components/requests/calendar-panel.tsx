"use client";

import { ChevronLeft, ChevronRight } from "lucide-react";
import { parseAsString, useQueryState } from "nuqs";
import { Panel } from "@/components/panel/panel.tsx";
import { ConsoleLink } from "@/components/shell/console-link.tsx";
import { Button, IconButton } from "@/components/ui/button.tsx";
import { cn } from "@/components/ui/cn.ts";
import { StateIcon, stateText } from "@/components/ui/state-badge.tsx";
import { useNow } from "@/lib/client/now.ts";
import { useRead } from "@/lib/client/use-read.ts";
import { useTarget } from "@/lib/client/use-target.ts";
import { requestKinds } from "@/lib/request-law/kinds.ts";
import type { RequestSummary } from "@/lib/requests/types.ts";
import { monthWords, shiftMonth, weeksOf } from "./calendar-month.ts";
import { byDue, dayWords, deadlineOf, deadlineWords, requestPath } from "./request-words.ts";
import { ofConsole } from "./requests-input.ts";

const weekDays = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/** Due days by month: what must be answered on which day. */
export function CalendarPanel() {
  const nowMs = useNow(60_000) ?? 0;
  const today = new Date(nowMs).toISOString().slice(0, 10);
  const [chosen, setMonth] = useQueryState("month", parseAsString);
  const month = chosen && /^\d{4}-(0[1-9]|1[0-2])$/.test(chosen) ? chosen : today.slice(0, 7);
  const read = useRead("requestMonth", { month }, ofConsole);
  const go = (to: string) => void setMonth(to === today.slice(0, 7) ? null : to);
  return (
    <Panel
      id="calendar"
      title={monthWords(month)}
      unit="due days"
      read={read}
      height={420}
      // A phone lists the days that are due alone.
      className="max-sm:[&>div]:min-h-0!"
      flush
      actions={
        <span className="flex items-center">
          <Button size="sm" variant="ghost" onClick={() => go(today.slice(0, 7))}>
            This month
          </Button>
          <IconButton label="Month before" onClick={() => go(shiftMonth(month, -1))}>
            <ChevronLeft />
          </IconButton>
          <IconButton label="Month after" onClick={() => go(shiftMonth(month, 1))}>
            <ChevronRight />
          </IconButton>
        </span>
      }
      info={{ what: "A request stands on its last day in time, a day of its controller's time zone." }}
    >
      {(requests) => {
        const due = new Map<string, RequestSummary[]>();
        for (const request of requests.toSorted(byDue))
          if (request.dueOn !== null) due.set(request.dueOn, [...(due.get(request.dueOn) ?? []), request]);
        return (
          <>
            <Grid month={month} today={today} due={due} />
            <Agenda month={month} due={due} />
          </>
        );
      }}
    </Panel>
  );
}

interface MonthProps {
  month: string;
  due: ReadonlyMap<string, RequestSummary[]>;
}

function Grid({ month, today, due }: MonthProps & { today: string }) {
  return (
    <table className="hidden w-full table-fixed border-t border-hairline sm:table">
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
                  (!inMonth || index > 4) && "bg-inset/50",
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

/** A phone has no room for a grid of days: those on which something is due, one below the other. */
function Agenda({ month, due }: MonthProps) {
  const days = [...due].filter(([day]) => day.startsWith(month));
  return (
    <div className="border-t border-hairline px-4 py-3 sm:hidden">
      {days.length === 0 ? (
        <p className="text-sm text-muted">Nothing is due in {monthWords(month)}.</p>
      ) : (
        <ul className="grid gap-3">
          {days.map(([day, requests]) => (
            <li key={day} className="grid gap-1">
              <p className="text-sm font-medium">{dayWords(day)}</p>
              {requests.map((request) => (
                <DueLink key={request.id} request={request} />
              ))}
            </li>
          ))}
        </ul>
      )}
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
      aria-label={`Request #${request.number}, ${requestKinds[request.kind].title}, ${deadlineWords(request)}`}
      className={cn(
        "flex min-w-0 items-center gap-1 rounded-sm border border-hairline-strong bg-panel px-1.5 py-0.5 text-xs hover:bg-hover",
        bad && stateText[state],
      )}
    >
      {bad && <StateIcon state={state} className="size-3" />}
      <span className="min-w-0 truncate">
        #{request.number} {requestKinds[request.kind].title}
      </span>
    </ConsoleLink>
  );
}
