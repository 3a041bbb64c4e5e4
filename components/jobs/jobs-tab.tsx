"use client";

import { neighbours } from "@/components/ui/sheet.tsx";
import { useRead } from "@/lib/client/use-read.ts";
import { useTarget } from "@/lib/client/use-target.ts";
import { CurrentJobsPanel } from "./current-jobs-panel.tsx";
import { inCurrentOrder } from "./current-order.ts";
import { EndedJobsPanel } from "./ended-jobs-panel.tsx";
import { JobSheet } from "./job-sheet.tsx";
import { currentInput, endedInput } from "./jobs-input.ts";
import { useJobFilter, useOpenJob } from "./use-job-filter.ts";

/** What runs and waits above what has ended; one sheet for both. */
export function JobsTab() {
  const target = useTarget();
  const { filter } = useJobFilter();
  const { openId, open } = useOpenJob();
  const current = useRead("jobs", currentInput(filter.scope, target));
  const ended = useRead("jobs", endedInput(filter, target), { polled: filter.before === null });
  const rows = [...inCurrentOrder(current.data?.jobs ?? []), ...(ended.data?.jobs ?? [])];
  return (
    <div className="grid grid-cols-1 gap-4">
      <CurrentJobsPanel read={current} />
      {/* Where nothing runs the panel above is lower: what that would pull up is drawn with it. */}
      {!current.loading && <EndedJobsPanel read={ended} />}
      <JobSheet
        id={openId}
        listed={rows.find(({ id }) => id === openId) ?? null}
        onClose={() => open(null)}
        {...neighbours(
          rows,
          ({ id }) => id === openId,
          ({ id }) => open(id),
        )}
      />
    </div>
  );
}
