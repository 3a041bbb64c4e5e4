import { deadlineOf } from "@/components/requests/request-words.ts";
import { cn } from "@/components/ui/cn.ts";
import type { RequestSummary } from "@/lib/requests/types.ts";
import { type MonthProps, weekDays, weeksOf } from "./calendar-month.ts";

/** The month at a glance: a day on which something is due has a dot, and one that is missed or near its colour. Said in words below it. */
export function SmallDays({ month, today, due }: MonthProps & { today: string }) {
  return (
    <div aria-hidden className="grid grid-cols-7 px-3 py-1.5 text-center text-xs">
      {weekDays.map((day) => (
        <span key={day} className="py-1 text-faint">
          {day}
        </span>
      ))}
      {weeksOf(month)
        .flat()
        .map(({ day, inMonth }) => (
          <span key={day} className="grid h-9 content-center justify-items-center gap-0.5 tabular-nums">
            <span
              className={cn(
                "min-w-5 rounded-sm px-1",
                day === today
                  ? "bg-accent font-semibold text-on-accent"
                  : inMonth
                    ? "text-muted"
                    : "text-faint",
              )}
            >
              {Number(day.slice(8))}
            </span>
            <span className={cn("size-1.5 rounded-full", due.has(day) && worstDot(due.get(day) ?? []))} />
          </span>
        ))}
    </div>
  );
}

function worstDot(requests: RequestSummary[]): string {
  const states = requests.map((request) => deadlineOf(request).state);
  if (states.includes("critical")) return "bg-critical";
  return states.includes("warning") ? "bg-warning" : "bg-control";
}
