import type { Column } from "@/components/ui/data-table-props.ts";
import type { JobSummary } from "@/lib/work/types.ts";
import { CurrentProgress } from "./current-progress.tsx";
import { jobColumn, stateColumn, whoColumn } from "./job-columns.tsx";

/** What runs or waits: how far, how fast, how long. */
export const currentColumns: Column<JobSummary>[] = [
  jobColumn,
  { ...stateColumn, from: "sm" },
  {
    id: "progress",
    header: "Progress",
    value: (job) => job.progress?.share,
    cell: (job) => <CurrentProgress job={job} />,
    sortable: false,
  },
  { ...whoColumn, from: "lg" },
  {
    id: "since",
    header: "Created",
    value: (job) => job.createdAt,
    from: "md",
    sortable: false,
    align: "right",
  },
];
