"use client";

import { useQueryClient } from "@tanstack/react-query";
import { LoaderCircle } from "lucide-react";
import { useEffect } from "react";
import { Amount, ProgressBar } from "@/components/jobs/job-progress.tsx";
import { jobTitle, leftWords, speedWords } from "@/components/jobs/job-words.ts";
import { ConsoleLink } from "@/components/shell/console-link.tsx";
import { StateIcon } from "@/components/ui/state-badge.tsx";
import { useNow } from "@/lib/client/now.ts";
import { useJob } from "@/lib/client/use-job.ts";
import { useTarget } from "@/lib/client/use-target.ts";

/** A job as it goes on: how far, how fast, its last word. One may leave and come back to it. */
export function JobLine({ id }: { id: string }) {
  const client = useQueryClient();
  const target = useTarget();
  const now = useNow();
  const { job, lines } = useJob(id);
  const ended = job?.finishedAt ?? null;
  useEffect(() => {
    if (ended) void client.invalidateQueries({ queryKey: ["read"] });
  }, [ended, client]);
  const running = job?.state === "running";
  const last = lines.at(-1)?.message;
  return (
    <div
      className="grid gap-1.5 rounded-md border border-hairline bg-inset px-3 py-2.5 text-sm"
      data-job={id}
    >
      <p className="flex flex-wrap items-center gap-x-2">
        {job?.state === "failed" ? (
          <StateIcon state="critical" />
        ) : (
          !ended && <LoaderCircle aria-hidden className="size-4 animate-spin text-accent" />
        )}
        <span className="font-medium">{job ? jobTitle(job) : "Its job"}</span>
        <span className="text-muted">
          {!job
            ? "is being looked for"
            : ended
              ? job.state
              : running
                ? job.progress
                  ? null
                  : "has begun"
                : `waits for its turn${job.progress ? " · " : ""}`}
          {job?.progress && <Amount progress={job.progress} />}
        </span>
        <ConsoleLink
          href={`/${encodeURIComponent(target)}/jobs?job=${id}`}
          className="ml-auto text-accent hover:underline"
        >
          Open the job
        </ConsoleLink>
      </p>
      <ProgressBar
        progress={job?.progress ?? null}
        label={job ? jobTitle(job) : "the job"}
        running={!ended}
      />
      <p className="min-h-4.5 truncate text-xs text-muted">
        {job?.error?.message ??
          [
            last,
            job?.progress && running ? speedWords(job.progress) : null,
            job?.progress && running && now !== null ? leftWords(job.progress, now) : null,
          ]
            .filter(Boolean)
            .join(" · ")}
      </p>
    </div>
  );
}
