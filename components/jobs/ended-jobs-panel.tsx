"use client";

import { History } from "lucide-react";
import { Panel } from "@/components/panel/panel.tsx";
import { DataTable } from "@/components/ui/data-table.tsx";
import { EmptyState } from "@/components/ui/empty-state.tsx";
import { PageTurn } from "@/components/ui/page-turn.tsx";
import type { ReadState } from "@/lib/client/use-read.ts";
import type { JobPage } from "@/lib/work/get-jobs.ts";
import { endedColumns } from "./ended-columns.tsx";
import { EndedJobsToolbar } from "./ended-jobs-toolbar.tsx";
import { secondsBetween } from "./job-words.ts";
import { useJobFilter, useOpenJob } from "./use-job-filter.ts";

/** What has ended, newest first. */
export function EndedJobsPanel({ read }: { read: ReadState<JobPage> }) {
  const { filter, change, clear, turnTo } = useJobFilter();
  const { openId, open } = useOpenJob();
  const next = read.data?.next ?? null;
  const filtered = filter.state !== null || filter.name !== null || filter.person !== "";
  return (
    <Panel
      id="ended-jobs"
      title="Ended"
      unit="newest first"
      read={read}
      height={read.data?.jobs.length === 0 ? 200 : 420}
      flush
      info={{
        what: "Jobs that are done, failed, were cancelled, or whose scheduled run was skipped because the one before still ran. They are kept for 90 days unless their kind says otherwise.",
      }}
      table={({ jobs }) => ({
        columns: [
          { label: "job" },
          { label: "target" },
          { label: "state" },
          { label: "error" },
          { label: "seconds" },
          { label: "asked for by" },
          { label: "ended" },
          { label: "id" },
        ],
        rows: jobs.map((job) => [
          job.title,
          job.target,
          job.state,
          job.error?.message ?? null,
          secondsBetween(job.startedAt, job.finishedAt),
          job.actor.name,
          job.finishedAt,
          job.id,
        ]),
      })}
    >
      {(page) => (
        <>
          <EndedJobsToolbar filter={filter} page={page} onChange={change} onClear={clear} />
          {page.jobs.length === 0 ? (
            <div className="h-36 border-t border-hairline">
              {filtered ? (
                <EmptyState title="No job like this">Take a filter away, or look at every target.</EmptyState>
              ) : (
                <EmptyState icon={<History />} title="No job has ended yet">
                  Each job stays here with who began it, what it said and what came of it. A failed one says
                  what to do and can be retried.
                </EmptyState>
              )}
            </div>
          ) : (
            <DataTable
              id="ended"
              label="Ended jobs"
              rows={page.jobs}
              columns={endedColumns}
              rowKey={(job) => job.id}
              onRowClick={(job) => open(job.id)}
              selectedKey={openId}
              rowHeight={48}
              maxHeight={Number.POSITIVE_INFINITY}
              toolbar={false}
            />
          )}
          <PageTurn
            page={filter.before}
            older={next}
            arriving={read.previous && read.refreshing}
            onTurn={turnTo}
          />
        </>
      )}
    </Panel>
  );
}
