"use client";

import { useNow } from "@/lib/client/now.ts";
import type { JobSummary } from "@/lib/work/types.ts";
import { Amount, ProgressBar } from "./job-progress.tsx";
import { jobTitle, leftWords, speedWords, waitingWords } from "./job-words.ts";

/** Bar, amount, speed and time left in one cell of fixed size. */
export function CurrentProgress({ job }: { job: JobSummary }) {
  const now = useNow();
  const { progress } = job;
  const running = job.state === "running";
  const words = running
    ? progress
      ? [speedWords(progress), now === null ? null : leftWords(progress, now)].filter(Boolean).join(" · ")
      : "no progress told yet"
    : now === null
      ? ""
      : waitingWords(job, now);
  if (!running && !progress)
    return <span className="block w-40 text-xs whitespace-normal text-muted sm:w-72">{words}</span>;
  return (
    <span className="grid w-40 grid-cols-1 gap-1 text-xs sm:w-72">
      <span className="truncate">{progress ? <Amount progress={progress} /> : " "}</span>
      <ProgressBar progress={progress} label={jobTitle(job)} running={running} />
      <span className="truncate text-faint">{words || " "}</span>
    </span>
  );
}
