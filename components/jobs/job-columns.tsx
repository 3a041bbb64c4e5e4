import type { Column } from "@/components/ui/data-table-props.ts";
import type { JobSummary } from "@/lib/work/types.ts";
import { JobName } from "./job-name.tsx";
import { JobStateBadge } from "./job-state.tsx";
import { JobWho } from "./job-who.tsx";

export const jobColumn: Column<JobSummary> = {
  id: "job",
  header: "Job",
  value: (job) => job.title,
  cell: (job) => <JobName job={job} />,
  grow: true,
  sortable: false,
  title: () => undefined,
};

export const stateColumn: Column<JobSummary> = {
  id: "state",
  header: "State",
  value: (job) => job.state,
  cell: (job) => <JobStateBadge job={job} />,
  sortable: false,
};

export const whoColumn: Column<JobSummary> = {
  id: "who",
  header: "Asked for by",
  value: (job) => job.actor.name,
  cell: (job) => <JobWho job={job} />,
  sortable: false,
};
