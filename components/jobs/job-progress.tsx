"use client";

import { cn } from "@/components/ui/cn.ts";
import { formatRatio } from "@/lib/client/format.ts";
import type { JobProgress } from "@/lib/work/estimate-progress.ts";
import { amountWords, exactWords } from "./job-words.ts";

interface BarProps {
  progress: JobProgress | null;
  /** What it is the progress of, for those who do not see it. */
  label: string;
  running: boolean;
  className?: string;
}

/** How far a job is; hatched while nobody knows the whole. */
export function ProgressBar({ progress, label, running, className }: BarProps) {
  const share = progress?.share ?? null;
  const percent = share === null ? null : Math.floor(share * 1_000) / 10;
  return (
    <div
      role="progressbar"
      aria-label={`Progress of ${label}`}
      aria-valuemin={0}
      aria-valuemax={100}
      {...(percent !== null && { "aria-valuenow": percent })}
      aria-valuetext={progress ? amountWords(progress) : "not told yet"}
      className={cn("h-1.5 overflow-hidden rounded-full bg-inset", className)}
    >
      {share === null ? (
        running && <div className="bg-hatch h-full" />
      ) : (
        <div
          className="h-full rounded-full bg-accent transition-transform duration-500"
          style={{ transform: `translateX(${(share - 1) * 100}%)` }}
        />
      )}
    </div>
  );
}

/** "1,240 of 5,000 keys · 24.8 %" */
export function Amount({ progress }: { progress: JobProgress }) {
  return (
    <span title={exactWords(progress)}>
      {amountWords(progress)}
      {progress.share !== null && <span className="text-faint"> · {formatRatio(progress.share)}</span>}
    </span>
  );
}
