"use client";

import { Coffee } from "lucide-react";
import { Panel } from "@/components/panel/panel.tsx";
import { DataTable } from "@/components/ui/data-table.tsx";
import { EmptyState } from "@/components/ui/empty-state.tsx";
import type { ReadState } from "@/lib/client/use-read.ts";
import type { JobPage } from "@/lib/work/get-jobs.ts";
import { currentColumns } from "./current-columns.tsx";
import { inCurrentOrder } from "./current-order.ts";
import { useOpenJob } from "./use-job-filter.ts";

const rowHeight = 68;
/** Three rows and the head: as tall with one job as with three, so that one which ends moves nothing. */
const height = 34 + 3 * rowHeight;
const emptyHeight = 124;

/** What runs now and what waits for its turn. */
export function CurrentJobsPanel({ read }: { read: ReadState<JobPage> }) {
  const { openId, open } = useOpenJob();
  return (
    <Panel
      id="current-jobs"
      title="Running and waiting"
      unit={read.data ? countWords(read.data) : "now"}
      read={read}
      height={read.data?.jobs.length === 0 ? emptyHeight : height}
      fixed
      flush
      info={{
        what: "Long work that a person, a token or a schedule began. One job of a kind runs on a target at a time; the next waits. If its worker dies, another goes on within 20 s from the last checkpoint. Speed is that of the present attempt; the time left is what that speed would need.",
      }}
      table={({ jobs }) => ({
        columns: ["job", "target", "state", "done", "total", "unit", "asked for by", "created", "id"].map(
          (label) => ({ label }),
        ),
        rows: jobs.map((job) => [
          job.title,
          job.target,
          job.state,
          job.progress?.done ?? null,
          job.progress?.total ?? null,
          job.progress?.unit ?? null,
          job.actor.name,
          job.createdAt,
          job.id,
        ]),
      })}
    >
      {({ jobs }, view) =>
        jobs.length === 0 ? (
          <div style={{ height: emptyHeight }}>
            <EmptyState icon={<Coffee />} title="Nothing is running">
              Long work appears here with its progress: replaying the quarantine, rotating keys, what a
              schedule begins. You can leave the page; it goes on.
            </EmptyState>
          </div>
        ) : (
          <DataTable
            id="current"
            label="Running and waiting jobs"
            rows={inCurrentOrder(jobs)}
            columns={currentColumns}
            rowKey={(job) => job.id}
            onRowClick={(job) => open(job.id)}
            selectedKey={openId}
            rowHeight={rowHeight}
            maxHeight={view.height}
            toolbar={false}
          />
        )
      }
    </Panel>
  );
}

function countWords({ counts }: JobPage): string {
  return `${counts.running} running · ${counts.waiting} waiting`;
}
