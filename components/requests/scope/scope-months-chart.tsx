"use client";

import { othersColour, seriesColours } from "@/components/charts/series-colour.ts";
import { StackedBars } from "@/components/charts/stacked-bars.tsx";
import { monthWords } from "@/components/requests/calendar/calendar-month.ts";
import type { RequestScope } from "@/lib/requests/scope-types.ts";
import { monthBars, othersPart } from "./scope-months.ts";

const chartHeight = 200;
const fewestMonths = 2;

/** Events of the person by month, split into policies; nothing where they are all of one. */
export function ScopeMonthsChart({ scope }: { scope: RequestScope }) {
  const { parts, bars } = monthBars(scope.targets);
  if (bars.length < fewestMonths) return null;
  // By name: the same policies have the same colours in every request, however many events each has.
  const colours = seriesColours(parts.toSorted());
  const drawn = parts.map((part) => ({
    key: part,
    label: part,
    colour: part === othersPart ? othersColour : (colours[part] ?? othersColour),
  }));
  return (
    <figure className="grid gap-1.5 px-4">
      <StackedBars
        label="Events of this person by month, split into policies"
        height={chartHeight}
        unit="count"
        parts={drawn}
        bars={bars}
        tickOf={({ fromMs }) => monthWords(new Date(fromMs).toISOString().slice(0, 7))}
        nameOf={(bar) => monthWords(new Date(bar.fromMs).toISOString().slice(0, 7))}
      />
      <figcaption>
        <ul className="flex flex-wrap gap-x-4 gap-y-1 text-xs text-muted">
          {drawn.map(({ key, label, colour }) => (
            <li key={key} className="flex items-center gap-1.5">
              <span aria-hidden className="size-2 rounded-[2px]" style={{ background: colour }} />
              {label}
            </li>
          ))}
          <li className="ml-auto text-faint">events a month, UTC</li>
        </ul>
      </figcaption>
    </figure>
  );
}
