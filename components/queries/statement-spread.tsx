"use client";

import { Panel } from "@/components/panel/panel.tsx";
import { formatExact, formatValue } from "@/lib/client/format.ts";
import type { ReadState } from "@/lib/client/use-read.ts";
import type { Unit } from "@/lib/collector/types.ts";
import type { QueryDetail } from "@/lib/queries/get-query-detail.ts";

/** One call on average, and how far calls lie apart. */
export function StatementSpread({ read }: { read: ReadState<QueryDetail> }) {
  return (
    <Panel
      id="statement-spread"
      title="One call"
      unit="since the server counts"
      read={read}
      height={108}
      info={{
        what: "The quickest and the slowest call, their mean and standard deviation, and what a call takes on average. An average says little where calls differ much: look at the spread first.",
      }}
      empty={(data) => number(data, "calls") === null && "The server no longer has an entry for it"}
    >
      {(data) => {
        const [min, mean, max, deviation] = ["min", "mean", "max", "stddev"].map((each) =>
          number(data, `${each}_exec_time`),
        );
        const calls = number(data, "calls") || 1;
        const each = (name: string) => {
          const value = number(data, name);
          return value === null ? null : value / calls;
        };
        const from = min ?? 0;
        const span = (max ?? 0) - from || 1;
        const at = (value: number) => `${Math.min(100, Math.max(0, ((value - from) / span) * 100))}%`;
        const low = Math.max(from, (mean ?? 0) - (deviation ?? 0));
        const high = Math.min(max ?? 0, (mean ?? 0) + (deviation ?? 0));
        return (
          <div className="grid gap-3 text-sm">
            <div>
              <div className="flex justify-between">
                <Mark name="quickest" value={min} />
                <Mark name="mean" value={mean} />
                <Mark name="slowest" value={max} />
              </div>
              <div
                role="img"
                aria-label={`Most calls took between ${formatValue(low, "ms")} and ${formatValue(high, "ms")}`}
                title={`Mean ± standard deviation: ${formatValue(low, "ms")} to ${formatValue(high, "ms")}`}
                className="relative mt-1.5 h-2 rounded-full bg-inset"
              >
                <span
                  className="absolute inset-y-0 rounded-full bg-accent opacity-35"
                  style={{ left: at(low), right: `calc(100% - ${at(high)})` }}
                />
                <span className="absolute inset-y-0 w-0.5 bg-accent" style={{ left: at(mean ?? 0) }} />
              </div>
            </div>
            <dl className="grid grid-cols-2 gap-x-6 gap-y-1">
              <Figure name="Rows" value={each("rows")} unit="count" />
              <Figure name="Blocks read" value={each("shared_blks_read")} unit="count" />
              <Figure name="Temp blocks" value={each("temp_blks_written")} unit="count" />
              <Figure name="WAL" value={each("wal_bytes")} unit="bytes" />
            </dl>
          </div>
        );
      }}
    </Panel>
  );
}

function number(data: QueryDetail, name: string): number | null {
  const value = data.counters?.[name];
  return typeof value === "number" ? value : null;
}

function Mark({ name, value }: { name: string; value: number | null | undefined }) {
  return (
    <span title={formatExact(value, "ms")}>
      <span className="text-faint">{name}</span>{" "}
      <span className="font-medium">{formatValue(value, "ms")}</span>
    </span>
  );
}

function Figure({ name, value, unit }: { name: string; value: number | null; unit: Unit }) {
  return (
    <div className="flex justify-between gap-2">
      <dt className="text-faint">{name}</dt>
      <dd title={formatExact(value, unit)}>{formatValue(value, unit)}</dd>
    </div>
  );
}
