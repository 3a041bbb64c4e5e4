"use client";

import { formatSeconds } from "@/lib/client/format.ts";
import { useNow } from "@/lib/client/now.ts";
import type { FollowedJob } from "@/lib/client/use-job.ts";
import type { JobDetail } from "@/lib/work/types.ts";
import { Amount, ProgressBar } from "./job-progress.tsx";
import { JobStateBadge } from "./job-state.tsx";
import { failureAdvice, jobTitle, leftWords, secondsBetween, speedWords, waitingWords } from "./job-words.ts";

/** The state in words, how far it is, and what to do when it failed. Of one height while it runs. */
export function JobOutcome({ job, live }: { job: JobDetail; live: FollowedJob["live"] }) {
  const now = useNow();
  const { progress, state } = job;
  return (
    <section aria-label="State" className="grid grid-cols-1 gap-3">
      <p className="flex flex-wrap items-center gap-2 text-sm text-muted">
        <JobStateBadge job={job} />
        <span>{now === null ? "" : stateWords(job, now)}</span>
        {live === "polling" && (
          <span className="text-xs text-faint" title="Its stream cannot be had just now">
            asked every 3 s
          </span>
        )}
      </p>
      {(progress || state === "running") && (
        <div className="grid grid-cols-1 gap-1.5">
          <p className="text-lg font-semibold tabular-nums">
            {progress ? (
              <Amount progress={progress} />
            ) : (
              <span className="text-muted">No progress told yet</span>
            )}
          </p>
          <ProgressBar
            progress={progress}
            label={jobTitle(job)}
            running={state === "running"}
            className="h-2"
          />
          {state === "running" && (
            <p className="min-h-5 text-sm text-muted tabular-nums">
              {progress &&
                now !== null &&
                [speedWords(progress), leftWords(progress, now)].filter(Boolean).join(" · ")}
            </p>
          )}
        </div>
      )}
      {state === "failed" && (
        <div className="grid gap-1 rounded-md border border-hairline bg-critical-soft px-3 py-2.5 text-sm">
          <p className="font-medium text-critical">{job.error?.message ?? "It failed and said nothing."}</p>
          <p className="text-ink">{failureAdvice(job)}</p>
        </div>
      )}
    </section>
  );
}

function stateWords(job: JobDetail, nowMs: number): string {
  const took = secondsBetween(job.startedAt, job.finishedAt ?? nowMs);
  const time = took === null ? "" : formatSeconds(Math.floor(took));
  switch (job.state) {
    case "waiting":
      return waitingWords(job, nowMs);
    case "running":
      return job.cancelRequestedAt
        ? `asked to end by ${job.cancelledBy ?? "somebody"}; it stops at its next safe place`
        : `for ${time}${job.attempt > 1 ? `, attempt ${job.attempt}` : ""}`;
    case "cancelled":
      return `by ${job.cancelledBy ?? "somebody"}${took === null ? ", before it began" : ` after ${time}`}`;
    case "skipped":
      return "the run before it was still going on";
    default:
      return took === null ? "" : `after ${time}`;
  }
}
