"use client";

import type { ReactNode } from "react";
import { Meter } from "@/components/charts/meter.tsx";
import { AgedFigures, AsOf } from "@/components/ui/aged-figures.tsx";
import { StateIcon } from "@/components/ui/state-badge.tsx";
import { Time } from "@/components/ui/time.tsx";
import { formatExact, formatValue } from "@/lib/client/format.ts";
import { useRead } from "@/lib/client/use-read.ts";

/** How far the figures below can be trusted: room left, what was thrown out, since when it counts. */
export function StatementStrip() {
  const { data, observed, aged } = useRead("statementStatistics", {});
  if (!data || observed?.unavailable) return <div className="h-13 sm:h-9" />;
  const full = data.entries !== null && data.max ? data.entries / data.max : 0;
  const evicted = data.dealloc ?? 0;
  return (
    <AgedFigures aged={aged}>
      <dl
        className="flex min-h-9 flex-wrap items-center gap-x-6 gap-y-2 text-sm"
        aria-label="Statement statistics"
      >
        <Fact name="Entries" help="Statements that pg_stat_statements keeps, and how many it may keep">
          <span title={`${formatExact(data.entries, "count")} of ${formatExact(data.max, "count")}`}>
            {formatValue(data.entries, "count")}{" "}
            <span className="text-faint">of {formatValue(data.max, "count")}</span>
          </span>
          <span className="w-20">
            <Meter
              value={data.entries}
              max={data.max ?? 0}
              label="Statement entries"
              warnAt={0.9}
              words={false}
            />
          </span>
        </Fact>
        <Fact
          name="Evicted"
          help="Times the least executed entries were evicted because pg_stat_statements was full"
        >
          {evicted > 0 && full >= 0.9 && <StateIcon state="warning" className="size-3.5" />}
          {data.dealloc === null ? "–" : evicted === 0 ? "never" : `${formatValue(evicted, "count")} times`}
        </Fact>
        <Fact name="Counts since" help="When the statistics were reset last">
          {data.countsSince ? <Time at={data.countsSince} show="moment" /> : "–"}
        </Fact>
        <Fact
          name="Track"
          help="pg_stat_statements.track: top counts what clients send, all also what functions run"
        >
          <code className="font-mono text-xs">{data.track ?? "–"}</code>
        </Fact>
        <Fact name="IO timing" help="track_io_timing: whether time spent on reads and writes is measured">
          {data.trackIoTiming ? "on" : "off"}
        </Fact>
        <AsOf />
      </dl>
    </AgedFigures>
  );
}

function Fact({ name, help, children }: { name: string; help: string; children: ReactNode }) {
  return (
    <div className="flex items-center gap-2">
      <dt className="text-faint" title={help}>
        {name}
      </dt>
      <dd className="flex items-center gap-2 font-medium">{children}</dd>
    </div>
  );
}
