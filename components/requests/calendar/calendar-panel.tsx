"use client";

import { ChevronLeft, ChevronRight } from "lucide-react";
import { parseAsString, useQueryState } from "nuqs";
import { Panel } from "@/components/panel/panel.tsx";
import { byDue } from "@/components/requests/request-words.ts";
import { ofConsole, openRequestsInput } from "@/components/requests/requests-input.ts";
import { Button, IconButton } from "@/components/ui/button.tsx";
import { useNow } from "@/lib/client/now.ts";
import { useRead } from "@/lib/client/use-read.ts";
import type { RequestSummary } from "@/lib/requests/types.ts";
import { CalendarAgenda, CalendarGrid } from "./calendar-days.tsx";
import { monthWords, shiftMonth, undatedWords } from "./calendar-month.ts";

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
      // On a phone six weeks of small days and a line below them: as much as it keeps free while loading.
      className="max-sm:[&>div]:min-h-88!"
      flush
      actions={
        <span className="flex items-center">
          <Button
            size="sm"
            variant="ghost"
            disabled={month === today.slice(0, 7)}
            onClick={() => go(today.slice(0, 7))}
          >
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
      info={{
        what: "A request stands on the last day on which its answer is in time, a day of its controller's time zone.",
      }}
    >
      {(requests) => {
        const due = new Map<string, RequestSummary[]>();
        for (const request of requests.toSorted(byDue))
          if (request.dueOn !== null) due.set(request.dueOn, [...(due.get(request.dueOn) ?? []), request]);
        return (
          <>
            <CalendarGrid month={month} today={today} due={due} />
            <CalendarAgenda month={month} today={today} due={due} />
            <Undated />
          </>
        );
      }}
    </Panel>
  );
}

/** Open requests that stand on no day: the calendar alone would hide them. */
function Undated() {
  const open = useRead("requests", openRequestsInput, ofConsole).data ?? [];
  const words = undatedWords(open);
  return words && <p className="border-t border-hairline px-4 py-2 text-sm text-muted">{words}</p>;
}
