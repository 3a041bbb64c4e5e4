"use client";

/**
 * <LineChart history={data} label="Commits per second" height={240} limits={[{ value: 100, label: "max" }]} />
 *
 * Lines over the page's time range. Drag zooms the range in the URL, double click goes back; the crosshair is
 * shared by every chart of the page; gaps stay gaps. The drawing library is loaded when the first chart appears.
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

export function LineChart(props: TimeChartProps) {
  return (
    <div style={{ height: props.height }}>
      <TimeChart {...props} form="line" />
    </div>
  );
}
