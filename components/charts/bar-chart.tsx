"use client";

/**
 * <BarChart label="Events per day" unit="count" height={200} bars={[{ at: date, value: 1234 }]} stepSeconds={86400} />
 * Counts per step of time (events per day, per hour). The library is loaded when the first chart appears.
 */
import dynamic from "next/dynamic";
import { loadCode } from "@/lib/client/load-code.ts";
import type { BarChartProps } from "./bar-chart-props.ts";
import { ChartPlaceholder } from "./chart-placeholder.tsx";

const TimeBars = dynamic(() => loadCode(() => import("./time-bars.tsx")).then((module) => module.TimeBars), {
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
