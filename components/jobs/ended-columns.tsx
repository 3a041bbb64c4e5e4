import type { Column } from "@/components/ui/data-table-props.ts";
import { formatSeconds } from "@/lib/client/format.ts";
import type { JobSummary } from "@/lib/work/types.ts";
import { jobColumn, stateColumn, whoColumn } from "./job-columns.tsx";
import { amountWords, secondsBetween } from "./job-words.ts";

/** What has ended: how, why, and how long it took. */
export const endedColumns: Column<JobSummary>[] = [
  jobColumn,
  stateColumn,
  {
    id: "outcome",
    header: "What came of it",
    value: outcomeWords,
    cell: (job) => (
      <span className={`block max-w-110 truncate ${job.state === "failed" ? "" : "text-muted"}`}>
        {outcomeWords(job) || "–"}
      </span>
    ),
    from: "md",
    title: outcomeWords,
    sortable: false,
  },
  {
    id: "took",
    header: "Took",
    value: (job) => secondsBetween(job.startedAt, job.finishedAt),
    cell: (job) => formatSeconds(secondsBetween(job.startedAt, job.finishedAt)),
    unit: "seconds",
    from: "sm",
    sortable: false,
  },
  { ...whoColumn, from: "xl" },
  {
    id: "ended",
    header: "Ended",
    value: (job) => job.finishedAt ?? job.createdAt,
    align: "right",
    sortable: false,
  },
];

function outcomeWords(job: JobSummary): string {
  if (job.state === "failed") return job.error?.message ?? "It failed and said nothing.";
  if (job.state === "cancelled") return job.cancelledBy ? `cancelled by ${job.cancelledBy}` : "cancelled";
  if (job.state === "skipped") return "the run before it was still going on";
  return job.progress ? amountWords(job.progress) : "";
}
