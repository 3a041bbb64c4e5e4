"use client";

/**
 * <StackedAreaChart history={data} label="Server connections by state" height={240} />
 *
 * Parts of a whole over the page's time range; only for figures that add up. Otherwise as LineChart.
 */
import dynamic from "next/dynamic";
import { loadCode } from "@/lib/client/load-code.ts";
import { ChartPlaceholder } from "./chart-placeholder.tsx";
import type { TimeChartProps } from "./time-chart-props.ts";

const TimeChart = dynamic(
  () => loadCode(() => import("./time-chart.tsx")).then((module) => module.TimeChart),
  {
    ssr: false,
    loading: () => <ChartPlaceholder />,
  },
);

export function StackedAreaChart(props: TimeChartProps) {
  return (
    <div style={{ height: props.height }}>
      <TimeChart {...props} form="area" />
    </div>
  );
}
