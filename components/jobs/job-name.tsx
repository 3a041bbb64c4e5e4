import type { JobSummary } from "@/lib/work/types.ts";

/** What a job does, and below it on what. */
export function JobName({ job }: { job: JobSummary }) {
  const object = job.object?.name === job.target ? null : job.object?.name;
  const on = [job.target ?? "console", object, job.schedule && `schedule ${job.schedule}`];
  return (
    <span className="block min-w-0">
      <span className="block truncate font-medium">{job.title}</span>
      <span className="block truncate text-xs text-faint">{on.filter(Boolean).join(" · ")}</span>
    </span>
  );
}
