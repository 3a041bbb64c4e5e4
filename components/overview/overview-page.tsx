"use client";

import { standingInput } from "@/components/alerts/inbox-input.ts";
import { PageHeader } from "@/components/shell/page-header.tsx";
import { cn } from "@/components/ui/cn.ts";
import { useTimeRange } from "@/lib/client/url-state.ts";
import { useRead } from "@/lib/client/use-read.ts";
import { useTarget } from "@/lib/client/use-target.ts";
import { EventsPerDayPanel } from "./events-per-day-panel.tsx";
import { GrowthPanel } from "./growth-panel.tsx";
import { overviewInputs } from "./overview-inputs.ts";
import { ReplicationPanel } from "./replication-panel.tsx";
import { TileStrip } from "./tile-strip.tsx";
import { TimelinePanel } from "./timeline-panel.tsx";
import { useWaited } from "./use-waited.ts";
import { VerdictBlock } from "./verdict-block.tsx";
import { WatchingCostPanel } from "./watching-cost-panel.tsx";

/** Who has it is waited for so long; a verdict is not kept back for more. */
const incidentsWithinMs = 1_000;

/**
 * How the target is: the verdict first, then the figures it rests on, then what happened. How much stands in the verdict's
 * block nobody knows before its answers: until then nothing is drawn below, which it would push down under the reader.
 */
export function OverviewPage() {
  const range = useTimeRange();
  const read = useRead("overview", overviewInputs.overview(range.input));
  const open = useRead("incidents", standingInput(useTarget()));
  const late = useWaited(incidentsWithinMs, open.loading);
  const ready = !read.loading && (!open.loading || late);
  return (
    <>
      <PageHeader title="Overview" question="Is it healthy, and will it stay so?" />
      <div className="grid gap-4">
        <VerdictBlock read={read} open={open} ready={ready} />
        <div className={cn("grid min-w-0 gap-4", !ready && "invisible")}>
          <TileStrip read={read} />
          <TimelinePanel />
          <EventsPerDayPanel />
          <div className="grid gap-4 *:min-w-0 lg:grid-cols-2 xl:grid-cols-3">
            <GrowthPanel />
            <WatchingCostPanel />
            <ReplicationPanel />
          </div>
        </div>
      </div>
    </>
  );
}
