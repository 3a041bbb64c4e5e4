import type { StackedBar } from "@/components/charts/stacked-bars.tsx";
import type { ScopeTarget } from "@/lib/requests/scope-types.ts";

export interface MonthBars {
  /** Policies, the one with most events first; past five they are added up as others. */
  parts: string[];
  bars: StackedBar[];
}

const mostParts = 5;
export const othersPart = "others";

/** Events by month of all targets together, one part a policy; months without any are there as empty steps. */
export function monthBars(targets: readonly ScopeTarget[]): MonthBars {
  const rows = targets.flatMap(({ months }) => months);
  const totals = new Map<string, number>();
  for (const { policy, events } of rows) totals.set(policy, (totals.get(policy) ?? 0) + events);
  const byTotal = [...totals].toSorted((a, b) => b[1] - a[1]).map(([policy]) => policy);
  const named = byTotal.length > mostParts + 1 ? byTotal.slice(0, mostParts) : byTotal;
  const parts = named.length < byTotal.length ? [...named, othersPart] : named;
  const months = rows.map(({ month }) => month).toSorted();
  const [first, last] = [months[0], months.at(-1)];
  if (first === undefined || last === undefined) return { parts, bars: [] };
  const bars: StackedBar[] = [];
  for (let at = first; at <= last; at = nextMonth(at)) {
    const values = parts.map(() => 0);
    for (const { month, policy, events } of rows) {
      if (month !== at) continue;
      const index = parts.indexOf(policy);
      const place = index < 0 ? parts.length - 1 : index;
      values[place] = (values[place] ?? 0) + events;
    }
    bars.push({ fromMs: startOf(at), toMs: startOf(nextMonth(at)), values });
  }
  return { parts, bars };
}

const startOf = (month: string) => Date.parse(`${month}-01T00:00:00Z`);

function nextMonth(month: string): string {
  const [year = 0, of = 1] = month.split("-").map(Number);
  return new Date(Date.UTC(year, of, 1)).toISOString().slice(0, 7);
}
