import { setTimeout as sleep } from "node:timers/promises";
import type { Actor } from "../auth/actor.ts";
import { createBell } from "../db/bell.ts";
import type { ConsoleDb } from "../db/console-db.ts";
import { AppError } from "../errors.ts";
import { getJob } from "./get-job.ts";
import { readLog } from "./get-job-log.ts";
import type { JobCatalogue } from "./job-catalogue.ts";
import { jobNews } from "./job-news.ts";
import type { JobDetail, JobLogLine } from "./types.ts";

/** What is told of a job that is followed: its lines in order, itself when it changed, and that it ended. */
export type JobNews = { log: JobLogLine } | { job: JobDetail } | { away: AppError };

export interface Following {
  /** Lines behind this one; without it the newest. */
  after?: number | undefined;
  signal: AbortSignal;
}

/** Notifications are lost while their connection is away: without one a job is looked at this often. */
const lookMs = 5_000;
/** A job that says much is read no more often. */
const retryMs = 2_000;
const newestLines = 200;
const pageLines = 500;

/**
 * Follows a job until it has ended or the signal aborts: whatever it said before comes first, its last state last.
 * What passes, such as an outage of the console database, is told once (`away`) and waited out.
 * @throws AppError NOT_FOUND
 */
export async function* followJob(
  console: ConsoleDb,
  actor: Pick<Actor, "role" | "targets">,
  kinds: JobCatalogue,
  id: string,
  { after, signal }: Following,
): AsyncGenerator<JobNews, void, undefined> {
  const bell = createBell(signal);
  const deafen = jobNews(console).listen((changed) => changed === id && bell.ring());
  let seq = after;
  let told = "";
  let away = false;
  try {
    while (!signal.aborted) {
      try {
        // The job before its lines: what it said before it ended is there by then.
        const job = await getJob(console, actor, kinds, id, new Date());
        for (let more = true; more && !signal.aborted; ) {
          const page = await readLog(
            console,
            id,
            seq === undefined ? { limit: newestLines } : { after: seq, limit: pageLines },
          );
          for (const line of page.lines) yield { log: line };
          more = seq !== undefined && page.more;
          seq = page.lines.at(-1)?.seq ?? seq ?? 0;
        }
        const state = whatChanges(job);
        if (state !== told) yield { job };
        told = state;
        away = false;
        if (job.finishedAt !== null) return;
        await bell.wait(lookMs);
      } catch (thrown) {
        if (!(thrown instanceof AppError && thrown.retryable)) throw thrown;
        if (!away) yield { away: thrown };
        away = true;
        await sleep(retryMs, undefined, { signal }).catch(() => {});
      }
    }
  } finally {
    deafen();
  }
}

/** A job but for what moves with the clock alone: its worker's sign of life and the time left. */
function whatChanges({ beatAt: _, progress, ...job }: JobDetail): string {
  return JSON.stringify([job, progress?.done, progress?.total, progress?.because]);
}
