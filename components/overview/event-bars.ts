import type { StackedBar } from "@/components/charts/stacked-bars.tsx";
import type { EventsPerDay } from "@/lib/events/types.ts";

const dayMs = 86_400_000;
const weekMs = 7 * dayMs;

export interface EventBars {
  bars: StackedBar[];
  /** Days of one bar: 1, or 7 where single days would be thinner than a hair. */
  daysPerBar: 1 | 7;
  /** The day with most events. */
  busiest: { atMs: number; events: number } | null;
  /** Days that are over, from the first with an event on. */
  wholeDays: number;
  /** Events of the whole days ÷ those days, from the first day with an event on; null without one. */
  meanPerDay: number | null;
}

/** Events per day as stacked bars; policies in the order of `policies`; weeks begin on Monday (UTC). */
export function eventBars(
  data: EventsPerDay,
  policies: readonly string[],
  nowMs: number,
  weekly: boolean,
): EventBars {
  const days = new Map<number, number[]>();
  for (const { day, retentionPolicy, events } of data.days) {
    const at = Date.parse(`${day}T00:00:00Z`);
    const values = days.get(at) ?? policies.map(() => 0);
    const index = policies.indexOf(retentionPolicy);
    if (index >= 0) values[index] = (values[index] ?? 0) + events;
    days.set(at, values);
  }
  const from = data.from.getTime();
  const to = data.to.getTime();
  const bars: StackedBar[] = [];
  let busiest: EventBars["busiest"] = null;
  let [wholeDays, wholeEvents] = [0, 0];
  for (let at = from; at < to; at += dayMs) {
    const values = days.get(at) ?? policies.map(() => 0);
    const total = values.reduce((all, value) => all + value, 0);
    if (total > (busiest?.events ?? 0)) busiest = { atMs: at, events: total };
    if (at + dayMs <= nowMs && (wholeEvents > 0 || total > 0)) {
      wholeDays += 1;
      wholeEvents += total;
    }
    const start = weekly ? Math.max(from, mondayOf(at)) : at;
    const last = bars.at(-1);
    if (weekly && last && last.fromMs === start) {
      last.toMs = at + dayMs;
      last.values = last.values.map((value, index) => value + (values[index] ?? 0));
      last.open = at + dayMs > nowMs;
    } else bars.push({ fromMs: start, toMs: at + dayMs, values, open: at + dayMs > nowMs });
  }
  return {
    bars,
    daysPerBar: weekly ? 7 : 1,
    busiest,
    wholeDays,
    meanPerDay: wholeDays > 0 ? wholeEvents / wholeDays : null,
  };
}

/** 1 January 1970 was a Thursday. */
function mondayOf(ms: number): number {
  return Math.floor((ms - 4 * dayMs) / weekMs) * weekMs + 4 * dayMs;
}
