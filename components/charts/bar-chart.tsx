"use client";

/**
 * <BarChart label="Events per day" unit="count" height={200} bars={[{ at: date, value: 1234 }]} stepSeconds={86400} />
 * Counts per step of time (events per day, per hour). The library is loaded when the first chart appears.
 */
import dynamic from "next/dynamic";
import type { Unit } from "@/lib/collector/types.ts";
import { ChartPlaceholder } from "./chart-placeholder.tsx";

export interface TimeBar {
  /** Start of the step. */
  at: Date | number;
  value: number | null;
}

export interface BarChartProps {
  label: string;
  unit: Unit;
  height: number;
  bars: readonly TimeBar[];
  stepSeconds: number;
  colour?: string;
}

const TimeBars = dynamic(() => import("./time-bars.tsx").then((module) => module.TimeBars), {
  ssr: false,
  loading: () => <ChartPlaceholder />,
});

export function BarChart(props: BarChartProps) {
  return (
    <div style={{ height: props.height }}>
      <TimeBars {...props} />
    </div>
  );
}
