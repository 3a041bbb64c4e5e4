import type { ReactNode } from "react";
import { CopyButton } from "@/components/ui/copy-button.tsx";
import { Time } from "@/components/ui/time.tsx";
import type { JobDetail } from "@/lib/work/types.ts";
import { JobWho } from "./job-who.tsx";

/** Who, why, on what and when. */
export function JobFacts({ job }: { job: JobDetail }) {
  return (
    <dl className="grid grid-cols-[7rem_minmax(0,1fr)] gap-x-4 gap-y-2 text-sm [&_dt]:text-faint">
      <Row name="Asked for by">
        <JobWho job={job} />
      </Row>
      <Row name="Why">
        {job.reasonHidden ? <span className="text-muted">for privacy officers</span> : (job.reason ?? "–")}
      </Row>
      <Row name="Target">{job.target ?? "the console itself"}</Row>
      {job.object && (
        <Row name="Object">
          {job.object.name} <span className="text-faint">({job.object.type})</span>
        </Row>
      )}
      {job.schedule && <Row name="Schedule">{job.schedule}</Row>}
      <Row name="Created">
        <Time at={job.createdAt} show="instant" />
      </Row>
      <Row name="Started">
        <Time at={job.startedAt} show="instant" />
      </Row>
      {job.finishedAt && (
        <Row name="Ended">
          <Time at={job.finishedAt} show="instant" />
        </Row>
      )}
      {job.state === "running" && (
        <Row name="Worker">
          last sign of life <Time at={job.beatAt} />
        </Row>
      )}
      <Row name="Checkpoint">
        {job.checkpointAt ? (
          <>
            kept <Time at={job.checkpointAt} />
          </>
        ) : (
          <span className="text-muted">none kept</span>
        )}
      </Row>
      <Row name="Job id">
        <span className="flex items-start gap-1">
          <code className="font-mono text-xs break-all">{job.id}</code>
          <CopyButton text={job.id} label="Copy the job's id" />
        </span>
      </Row>
    </dl>
  );
}

function Row({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd className="min-w-0 break-words">{children}</dd>
    </>
  );
}
