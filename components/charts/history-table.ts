import type { FigureTable } from "@/lib/client/csv.ts";
import type { SeriesHistory } from "@/lib/collector/types.ts";
import { seriesLabel } from "./series-colour.ts";
import type { ChosenSeries } from "./time-rows.ts";

/** A history as a table: a row a step, a column a series. For `<Panel table={(data) => historyTable(data)}>`. */
export function historyTable(history: SeriesHistory, series?: readonly ChosenSeries[]): FigureTable {
  const chosen = series ?? Object.keys(history.series).map((name): ChosenSeries => ({ name }));
  const values = chosen.map(({ name }) => new Map(history.series[name] ?? []));
  const times = [...new Set(values.flatMap((column) => [...column.keys()]))].sort((a, b) => a - b);
  return {
    columns: [
      { label: "time" },
      ...chosen.map(({ name, label }) => ({
        label: label ?? seriesLabel(name),
        ...(history.units[name] && { unit: history.units[name] }),
      })),
    ],
    rows: times.map((t) => [new Date(t), ...values.map((column) => column.get(t) ?? null)]),
  };
}
