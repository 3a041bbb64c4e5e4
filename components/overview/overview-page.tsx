"use client";

import { PageHeader } from "@/components/shell/page-header.tsx";
import { useTimeRange } from "@/lib/client/url-state.ts";
import { useRead } from "@/lib/client/use-read.ts";
import { EventsPerDayPanel } from "./events-per-day-panel.tsx";
import { GrowthPanel } from "./growth-panel.tsx";
import { overviewInputs } from "./overview-inputs.ts";
import { ReplicationPanel } from "./replication-panel.tsx";
import { TileStrip } from "./tile-strip.tsx";
import { TimelinePanel } from "./timeline-panel.tsx";
import { VerdictBlock } from "./verdict-block.tsx";
import { WatchingCostPanel } from "./watching-cost-panel.tsx";

/** How the target is: the verdict first, then the figures it rests on, then what happened. */
export function OverviewPage() {
  const range = useTimeRange();
  const read = useRead("overview", overviewInputs.overview(range.input));
  return (
    <>
      <PageHeader title="Overview" question="Is it healthy, and will it stay so?" />
      <div className="grid gap-4">
        <VerdictBlock read={read} />
        <TileStrip read={read} />
        <TimelinePanel />
        <EventsPerDayPanel />
        <div className="grid gap-4 *:min-w-0 lg:grid-cols-2 xl:grid-cols-3">
          <GrowthPanel />
          <WatchingCostPanel />
          <ReplicationPanel />
        </div>
      </div>
    </>
  );
}
