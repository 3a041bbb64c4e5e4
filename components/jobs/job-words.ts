import type { State } from "@/components/ui/state-badge.tsx";
import { formatExact, formatNumber, formatSeconds } from "@/lib/client/format.ts";
import type { JobProgress } from "@/lib/work/estimate-progress.ts";
import type { JobAttempt, JobDetail, JobSummary } from "@/lib/work/types.ts";

/** A state's colour; null for what is neither good nor bad. */
export const jobStates: Record<JobSummary["state"], State | null> = {
  waiting: null,
  running: "notice",
  done: "ok",
  failed: "critical",
  cancelled: null,
  skipped: null,
};

export const attemptStates: Record<NonNullable<JobAttempt["outcome"]>, [State | null, string]> = {
  done: ["ok", "done"],
  failed: ["critical", "failed"],
  lost: ["warning", "worker lost"],
  cancelled: [null, "cancelled"],
  continued: [null, "goes on"],
};

/** "Replay quarantined events · audit": what stands in titles and confirmations. */
export function jobTitle({ title, object, target }: Pick<JobSummary, "title" | "object" | "target">): string {
  const what = object?.name ?? target;
  return what === null ? title : `${title} · ${what}`;
}

/** "1,240 of 5,000 keys", "1,240 keys". */
export function amountWords({ done, total, unit }: JobProgress): string {
  const amount = total === null ? formatNumber(done) : `${formatNumber(done)} of ${formatNumber(total)}`;
  return unit ? `${amount} ${unit}` : amount;
}

/** The same in whole figures, for the hover. */
export function exactWords({ done, total, unit }: JobProgress): string {
  const [most, some] = [total === null ? null : formatExact(total, "count"), formatExact(done, "count")];
  return `${most === null ? some : `${some} of ${most}`} ${unit}`.trim();
}

/** "20 keys/s"; nothing where there is no speed. */
export function speedWords({ perSecond, unit }: JobProgress): string | null {
  return perSecond === null ? null : `${formatNumber(perSecond)}${unit ? ` ${unit}` : ""}/s`;
}

/** "3 m 20 s left", or why nobody can say. */
export function leftWords({ secondsLeft, because, at }: JobProgress, nowMs: number): string {
  if (secondsLeft !== null)
    return secondsLeft < 1 ? "finishing" : `about ${formatSeconds(rounded(secondsLeft))} left`;
  if (because === "no_total") return "total not known";
  if (because === "stalled" && at)
    return `no progress for ${formatSeconds(Math.round((nowMs - new Date(at).getTime()) / 1_000))}`;
  return because === "too_early" ? "too early to tell" : "";
}

/** A guess is no figure to the second: 5 s steps below ten minutes, minutes above. */
function rounded(seconds: number): number {
  const step = seconds < 60 ? 1 : seconds < 600 ? 5 : 60;
  return Math.max(step, Math.round(seconds / step) * step);
}

/** Why a job waits. */
export function waitingWords(
  job: Pick<JobSummary, "behind" | "runAfter" | "failures" | "attempt">,
  nowMs: number,
): string {
  const inSeconds = (new Date(job.runAfter).getTime() - nowMs) / 1_000;
  if (inSeconds >= 1) {
    const when = formatSeconds(Math.round(inSeconds));
    return job.failures > 0 ? `tries again in ${when}` : `starts in ${when}`;
  }
  if (job.behind) return "waits for the one that runs";
  return job.attempt > 0 ? "waits for a worker to go on" : "waits for a worker";
}

/** What to do about a failed job. */
export function failureAdvice({
  error,
  may,
  checkpointAt,
}: Pick<JobDetail, "error" | "may" | "checkpointAt">): string {
  const advice = error?.hint ? `${error.hint} ` : "";
  if (!may.retry.allowed) return `${advice}${may.retry.why}`;
  return checkpointAt
    ? `${advice}Retry goes on from its checkpoint.`
    : `${advice}Retry begins anew: it kept no checkpoint.`;
}

/** Seconds from one moment to another; null while either is missing. */
export function secondsBetween(from: Date | string | null, to: Date | string | number | null): number | null {
  if (from === null || to === null) return null;
  return Math.max(0, (new Date(to).getTime() - new Date(from).getTime()) / 1_000);
}
