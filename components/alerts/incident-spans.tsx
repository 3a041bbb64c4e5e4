"use client";

import { useRef } from "react";
import { valueAxisWidth } from "@/components/charts/axis.ts";
import { useChartSpan } from "@/components/charts/use-chart-span.ts";
import { useWidth } from "@/components/charts/use-width.ts";
import { readableTimes } from "@/components/overview/readable-times.ts";
import { cn } from "@/components/ui/cn.ts";
import type { IncidentPage } from "@/lib/alerts/types.ts";
import { formatMoment } from "@/lib/client/format-time.ts";
import { useNow } from "@/lib/client/now.ts";
import { useTimeZone } from "@/lib/client/time-zone.ts";
import { useTimeRange } from "@/lib/client/url-state.ts";
import { objectName } from "./object-name.ts";

const tones = {
  critical: "bg-critical",
  warning: "bg-warning",
  notice: "bg-notice",
};
/** The charts' own margin at the right. */
const right = 16;
const mostLanes = 8;

/** When each object fired, on the axis of the page's charts: one lane an object. */
export function IncidentSpans({ alerts }: { alerts: IncidentPage["alerts"] }) {
  const box = useRef<HTMLDivElement>(null);
  const width = Math.max(1, useWidth(box) - valueAxisWidth - right);
  const range = useTimeRange();
  const zone = useTimeZone();
  const now = useNow((range.seconds * 1_000) / width) ?? 0;
  const [fromMs, toMs] = useChartSpan(null)(now);
  const x = (ms: number) => Math.min(1, Math.max(0, (ms - fromMs) / (toMs - fromMs))) * 100;
  const shown = alerts.slice(0, mostLanes);
  return (
    <div ref={box} className="grid gap-2 pt-1">
      {shown.map((alert) => {
        const within = alert.spans.filter(
          ({ from, to }) => from.getTime() <= toMs && (to?.getTime() ?? now) >= fromMs,
        );
        const words = within
          .map(
            ({ from, to, severity }) =>
              `${severity} ${formatMoment(from, now, zone)} to ${to ? formatMoment(to, now, zone) : "now"}`,
          )
          .join(", ");
        return (
          <div key={alert.id} className="grid gap-0.5">
            <span className="truncate text-xs text-muted" title={alert.words.title}>
              {readableTimes(objectName(alert.object), zone)}
            </span>
            <div
              role="img"
              aria-label={`${readableTimes(objectName(alert.object), zone)}: ${words || "did not fire in this range"}`}
              title={words || "Did not fire in this range"}
              className="relative h-3 overflow-hidden rounded-sm bg-inset"
              style={{ marginLeft: valueAxisWidth, marginRight: right }}
            >
              {within.map(({ from, to, severity }) => (
                <span
                  key={from.getTime()}
                  className={cn("absolute inset-y-0 min-w-0.5", tones[severity])}
                  style={{
                    left: `${x(from.getTime())}%`,
                    width: `${x(to?.getTime() ?? now) - x(from.getTime())}%`,
                  }}
                />
              ))}
            </div>
          </div>
        );
      })}
      {alerts.length > shown.length && (
        <p className="text-xs text-faint">and {alerts.length - shown.length} more objects, listed below</p>
      )}
    </div>
  );
}
