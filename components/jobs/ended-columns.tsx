import type { Column } from "@/components/ui/data-table-props.ts";
import { formatSeconds } from "@/lib/client/format.ts";
import type { JobSummary } from "@/lib/work/types.ts";
import { JobName } from "./job-name.tsx";
import { JobStateBadge } from "./job-state.tsx";
import { JobWho } from "./job-who.tsx";
import { amountWords, secondsBetween } from "./job-words.ts";

/** What has ended: how, why, and how long it took. */
export const endedColumns: Column<JobSummary>[] = [
  {
    id: "job",
    header: "Job",
    value: (job) => job.title,
    cell: (job) => <JobName job={job} />,
    grow: true,
    sortable: false,
    title: () => undefined,
  },
  {
    id: "state",
    header: "State",
    value: (job) => job.state,
    cell: (job) => <JobStateBadge job={job} />,
    sortable: false,
  },
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
  {
    id: "who",
    header: "Asked for by",
    value: (job) => job.actor.name,
    cell: (job) => <JobWho job={job} />,
    from: "xl",
    sortable: false,
  },
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
