import type { Column } from "@/components/ui/data-table-props.ts";
import type { JobSummary } from "@/lib/work/types.ts";
import { CurrentProgress } from "./current-progress.tsx";
import { JobName } from "./job-name.tsx";
import { JobStateBadge } from "./job-state.tsx";
import { JobWho } from "./job-who.tsx";

/** What runs or waits: how far, how fast, how long. */
export const currentColumns: Column<JobSummary>[] = [
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
    from: "sm",
    sortable: false,
  },
  {
    id: "progress",
    header: "Progress",
    value: (job) => job.progress?.share,
    cell: (job) => <CurrentProgress job={job} />,
    sortable: false,
  },
  {
    id: "who",
    header: "Asked for by",
    value: (job) => job.actor.name,
    cell: (job) => <JobWho job={job} />,
    from: "lg",
    sortable: false,
  },
  {
    id: "since",
    header: "Created",
    value: (job) => job.createdAt,
    from: "md",
    sortable: false,
    align: "right",
  },
];
