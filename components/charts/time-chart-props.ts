import type { SeriesHistory, Unit } from "@/lib/collector/types.ts";
import type { Limit } from "./axis.ts";
import type { ChosenSeries } from "./time-rows.ts";

/** A moment or span worth a mark above the figures. TargetEvent fits. */
export interface ChartEvent {
  at: Date;
  endedAt?: Date | null;
  title: string;
  severity: "info" | "warning" | "critical";
}

export interface TimeChartProps {
  /** What `History.totals` or `History.object` answered. */
  history: SeriesHistory;
  /** What the chart shows, for people who cannot see it: "Server connections by state". */
  label: string;
  /** Whole height in pixels, legend included. */
  height: number;
  /** Which series, in which order, under which label; all, largest first, when left out. */
  series?: readonly ChosenSeries[];
  /** Unit of the axis; the first series' own when left out. */
  unit?: Unit;
  /** Labelled hairlines: max_connections, thresholds. */
  limits?: readonly Limit[];
  events?: readonly ChartEvent[];
  /** false leaves the legend out (one series that the title names). */
  legend?: boolean;
}
