import { z } from "zod";
import { AppError } from "../../errors.ts";
import type { JobDetail, JobSummary } from "../../work/types.ts";
import { countText, millisecondsText, timeText } from "../output/format.ts";
import type { Output } from "../output/output.ts";

/** @throws AppError BAD_INPUT */
export function jobIdOf(text: string): string {
  if (z.uuid().safeParse(text).success) return text;
  throw new AppError("BAD_INPUT", `"${text}" is not a job's id.`, { hint: "See `audit-db jobs list`." });
}

export const targetText = (target: string | null): string => target ?? "console";

/** "1,240 of 5,000 keys, 20 keys/s, about 3.1 min left" */
export function progressText({ progress }: Pick<JobSummary, "progress">): string {
  if (!progress) return "–";
  const { done, total, unit, perSecond, secondsLeft, because } = progress;
  const amount = `${countText(done)}${total === null ? "" : ` of ${countText(total)}`} ${unit}`.trim();
  const speed =
    perSecond === null ? null : `${perSecond < 10 ? perSecond.toFixed(1) : countText(perSecond)}/s`;
  const left =
    secondsLeft !== null
      ? `about ${millisecondsText(secondsLeft * 1_000)} left`
      : because === "stalled"
        ? "no progress for a minute"
        : null;
  return [amount, speed, left].filter(Boolean).join(", ");
}

export function writeJob(out: Output, job: JobDetail): void {
  const { object, error, attempts } = job;
  const facts: [string, string | null][] = [
    ["job", `${job.title} (${job.name})`],
    ["id", job.id],
    ["target", targetText(job.target)],
    ["object", object && `${object.name} (${object.type})`],
    ["state", job.cancelRequestedAt && job.state === "running" ? "running, asked to end" : job.state],
    ["progress", job.progress && progressText(job)],
    ["asked for by", `${job.actor.name} (${job.actor.kind})`],
    ["why", job.reasonHidden ? "for privacy officers" : job.reason],
    ["schedule", job.schedule],
    ["parameters", JSON.stringify(job.input)],
    ["created", timeText(job.createdAt)],
    ["started", job.startedAt && timeText(job.startedAt)],
    ["checkpoint", job.checkpointAt && `kept ${timeText(job.checkpointAt)}`],
    ["ended", job.finishedAt && timeText(job.finishedAt)],
    ["result", job.result === null || job.result === undefined ? null : JSON.stringify(job.result)],
    ["error", error && `${error.code}: ${error.message}${error.hint ? ` ${error.hint}` : ""}`],
  ];
  for (const [name, value] of facts) if (value) out.line(`${name.padEnd(13)} ${value}`);
  out.line();
  if (attempts.length > 0) {
    out.table(
      ["attempt", "outcome", "worker", "started", "ended"],
      attempts.map((one) => [
        one.attempt,
        one.outcome ?? "running",
        one.worker,
        timeText(one.startedAt),
        timeText(one.endedAt),
      ]),
    );
    out.line();
  }
}
