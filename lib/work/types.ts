import type { JobFailure, JobState } from "../../drizzle/console/schema/jobs.ts";
import type { JobProgress } from "./estimate-progress.ts";
import type { ActionAnswer } from "./judge-actions.ts";

/** Work as a line of a list shows it. */
export interface JobSummary {
  id: string;
  /** `topic.verb` */
  name: string;
  /** What it does, for people; its name where this version knows no such job. */
  title: string;
  /** Null for the console itself. */
  target: string | null;
  object: { type: string; id: string; name: string } | null;
  actor: { kind: "user" | "token" | "system"; id: string | null; name: string };
  /** The schedule that began it. */
  schedule: string | null;
  state: JobState;
  /** Claims so far, the present one included. */
  attempt: number;
  /** Of those, failures of the work itself. */
  failures: number;
  progress: JobProgress | null;
  error: JobFailure | null;
  createdAt: Date;
  /** Not before. */
  runAfter: Date;
  startedAt: Date | null;
  finishedAt: Date | null;
  cancelRequestedAt: Date | null;
  cancelledBy: string | null;
  /** For one that waits: the running job of its kind that has to end first. */
  behind: string | null;
  may: { cancel: ActionAnswer; retry: ActionAnswer };
}

export interface JobAttempt {
  attempt: number;
  /** `host:pid:started` */
  worker: string;
  startedAt: Date;
  endedAt: Date | null;
  /** Null while it runs. */
  outcome: "done" | "failed" | "lost" | "cancelled" | "continued" | null;
  error: JobFailure | null;
}

export interface JobLogLine {
  seq: number;
  attempt: number;
  at: Date;
  level: "info" | "warn" | "error";
  message: string;
}

/** All that is known of one job, but for its log. */
export interface JobDetail extends JobSummary {
  input: Record<string, unknown>;
  /** Null when nobody gave one, and for privacy work to those who are not privacy officers. */
  reason: string | null;
  reasonHidden: boolean;
  result: unknown;
  /** Where it goes on after a crash was last kept then. */
  checkpointAt: Date | null;
  /** When its worker last said that it lives. */
  beatAt: Date | null;
  /** Newest first. */
  attempts: JobAttempt[];
  logLines: number;
}
