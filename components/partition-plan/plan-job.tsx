"use client";

import { JobActions } from "@/components/jobs/job-actions.tsx";
import { JobAnnouncer } from "@/components/jobs/job-announcer.tsx";
import { JobOutcome } from "@/components/jobs/job-outcome.tsx";
import { ConsoleLink } from "@/components/shell/console-link.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Sheet } from "@/components/ui/sheet.tsx";
import { Skeleton } from "@/components/ui/skeleton.tsx";
import { useTarget } from "@/lib/client/use-target.ts";
import { nextRequest } from "./next-request.ts";
import { notPlanned, PlanRefusals } from "./plan-remarks.tsx";
import { PlanSteps } from "./plan-steps.tsx";
import type { AskedPlan } from "./plan-url.ts";
import { requestInWords } from "./plan-words.ts";
import type { FollowedPlan } from "./use-plan-work.ts";

interface PlanJobProps {
  id: string;
  followed: FollowedPlan;
  onClose: () => void;
  /** Another plan, once this one has ended. */
  onAsk: (request: AskedPlan) => void;
}

/** A plan while it is carried out and afterwards: whoever opens it sees each step as it goes on. */
export function PlanJob({ id, followed, onClose, onAsk }: PlanJobProps) {
  const target = useTarget();
  const { job, live, work, progress, error } = followed;
  const ended = job !== undefined && job.state !== "waiting" && job.state !== "running";
  const next = ended && work ? nextRequest(work, job.state) : null;
  return (
    <Sheet
      open
      onClose={onClose}
      wide
      title={work?.request ? requestInWords(work.request) : (job?.title ?? "Plan")}
      description={job ? `Asked for by ${job.actor.name}${job.reason ? `: ${job.reason}` : ""}` : "Job"}
      footer={
        <div className="flex w-full flex-wrap items-center justify-end gap-2">
          <p className="mr-auto min-w-0 grow basis-52 text-sm text-muted">
            {ended ? "" : "You may leave: it goes on, and this address shows it again."}
          </p>
          {next && <Button onClick={() => onAsk(next.request)}>{next.label}</Button>}
          <Button asChild>
            <ConsoleLink href={`/${encodeURIComponent(target)}/jobs?job=${id}`}>Open the job</ConsoleLink>
          </Button>
          {job && !ended && <JobActions key={job.id} job={job} />}
        </div>
      }
    >
      {error && !job && (
        <div role="alert" className="text-sm">
          <p className="font-medium text-critical">{error.message}</p>
          {error.hint && <p className="text-muted">{error.hint}</p>}
        </div>
      )}
      {!job && !error && <Skeleton className="h-80" />}
      {job && (
        <div className="grid grid-cols-1 gap-5">
          <JobAnnouncer job={job} />
          <JobOutcome job={job} live={live} />
          {work && <PlanRefusals refusals={notPlanned(work.steps, work.outcomes)} />}
          {work && work.steps.length > 0 ? (
            <PlanSteps plan={work} progress={progress} waits={work.waits} />
          ) : (
            <p className="text-sm text-muted">
              {ended ? "It ended before its first step." : "Its steps are shown once a worker has taken it."}
            </p>
          )}
        </div>
      )}
    </Sheet>
  );
}
