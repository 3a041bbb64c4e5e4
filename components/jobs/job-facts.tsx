import { CopyButton } from "@/components/ui/copy-button.tsx";
import { Fact } from "@/components/ui/fact.tsx";
import { Time } from "@/components/ui/time.tsx";
import type { JobDetail } from "@/lib/work/types.ts";
import { JobWho } from "./job-who.tsx";

/** Who, why, on what and when. */
export function JobFacts({ job }: { job: JobDetail }) {
  return (
    <dl className="grid grid-cols-[7rem_minmax(0,1fr)] gap-x-4 gap-y-2 text-sm [&_dt]:text-faint">
      <Fact name="Asked for by">
        <JobWho job={job} />
      </Fact>
      <Fact name="Why">
        {job.reasonHidden ? <span className="text-muted">for privacy officers</span> : (job.reason ?? "–")}
      </Fact>
      <Fact name="Target">{job.target ?? "the console itself"}</Fact>
      {job.object && (
        <Fact name="Object">
          {job.object.name} <span className="text-faint">({job.object.type})</span>
        </Fact>
      )}
      {job.schedule && <Fact name="Schedule">{job.schedule}</Fact>}
      <Fact name="Created">
        <Time at={job.createdAt} show="instant" />
      </Fact>
      <Fact name="Started">
        <Time at={job.startedAt} show="instant" />
      </Fact>
      {job.finishedAt && (
        <Fact name="Ended">
          <Time at={job.finishedAt} show="instant" />
        </Fact>
      )}
      {job.state === "running" && (
        <Fact name="Worker">
          last sign of life <Time at={job.beatAt} />
        </Fact>
      )}
      <Fact name="Checkpoint">
        {job.checkpointAt ? (
          <>
            kept <Time at={job.checkpointAt} />
          </>
        ) : (
          <span className="text-muted">none kept</span>
        )}
      </Fact>
      <Fact name="Job id">
        <span className="flex items-start gap-1">
          <code className="font-mono text-xs break-all">{job.id}</code>
          <CopyButton text={job.id} label="Copy the job's id" />
        </span>
      </Fact>
    </dl>
  );
}
