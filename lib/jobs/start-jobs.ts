import { and, eq, inArray, isNull, sql } from "drizzle-orm";
import { PgBoss } from "pg-boss";
import type { ConsoleDb } from "../db/console-db.ts";
import { consoleDbError, levelOf } from "../db/errors.ts";
import { jobQueue, lostQueue, queueSchema } from "../db/queue.ts";
import { openQueuePool } from "../db/queue-pool.ts";
import { schema } from "../db/schema.ts";
import { pause } from "../duties/pause.ts";
import type { Schedule } from "./define-schedule.ts";
import { notifyJob } from "./job-channel.ts";
import { type KeptSchedules, keepSchedules } from "./keep-schedules.ts";
import { keepEntries } from "./requeue-lost.ts";
import { type RunnerOptions, type RunningJob, runEntry } from "./run-entry.ts";
import type { EntryData } from "./send-entry.ts";
import { settleJob } from "./settle-job.ts";

export interface JobsOptions extends Omit<RunnerOptions, "continueAfterMs" | "stopping"> {
  /** Of the console database: the queue has connections of its own. */
  url: string;
  continueAfterMs?: number;
  /** Jobs of this process at a time; 8 unless given. */
  atATime?: number;
  /** What begins by the clock. */
  schedules: readonly Schedule[];
  /** What people set to begin by the clock, as it stands in tables. */
  setSchedules?: KeptSchedules["setSchedules"];
}

const pollSeconds = 2;
const restartMs = 2_000;
/** What the work has to end by itself; a worker ends within three seconds. */
const graceMs = 1_500;
const hourMs = 3_600_000;

/**
 * Runs jobs in this process until `stop`; every worker does. Work that does not end when its signal aborts goes on in
 * another worker, from its checkpoint.
 */
export function startJobs(given: JobsOptions): { stop(): Promise<void> } {
  const stopping = new AbortController();
  const options = { continueAfterMs: 23 * hourMs, atATime: 8, ...given, stopping: stopping.signal };
  const { console, url, logger } = options;
  const running = new Set<RunningJob>();
  let entries = 0;
  const pool = openQueuePool(url, console.sql);
  const boss = new PgBoss({
    db: pool,
    schema: queueSchema,
    migrate: false,
    schedule: false,
    useListenNotify: true,
    // A worker that was lost is replaced after its last heartbeat plus this plus a poll.
    superviseIntervalSeconds: 1,
    monitorIntervalSeconds: 1,
    flowIntervalSeconds: hourMs / 1_000,
    registerInstance: false,
    persistWarnings: false,
    monitorVacuum: false,
    reindex: false,
  });
  boss.on("error", (thrown) => {
    const err = consoleDbError(Object.assign(new Error(thrown.message), thrown));
    logger[levelOf(err)]({ err }, "the queue of jobs does not answer just now");
  });

  async function start(): Promise<void> {
    while (!stopping.signal.aborted) {
      try {
        await boss.start();
        await boss.work<EntryData>(
          jobQueue,
          {
            localConcurrency: options.atATime,
            pollingIntervalSeconds: pollSeconds,
            notifyPollingIntervalSeconds: pollSeconds,
            heartbeatRefreshSeconds: 2,
          },
          async ([entry]) => {
            // An entry whose handler returns is done with; one whose handler throws is another worker's.
            stopping.signal.throwIfAborted();
            entries++;
            try {
              if (entry) await runEntry(options, entry.data, running);
            } finally {
              entries--;
            }
          },
        );
        await boss.work<EntryData>(lostQueue, { pollingIntervalSeconds: 5 }, async ([entry]) => {
          if (entry) await giveUp(console, entry.data);
        });
        return;
      } catch (thrown) {
        const err = consoleDbError(thrown);
        logger[levelOf(err)]({ err }, "the queue of jobs cannot be opened just now");
        await boss.stop({ graceful: false, close: false }).catch(() => {});
        await pause(restartMs, stopping.signal);
      }
    }
  }
  const started = start();
  const scheduling = keepSchedules(options, stopping.signal);
  const watching = keepEntries(console, logger, stopping.signal);

  return {
    async stop() {
      stopping.abort();
      for (const { held } of running) held.interrupt("continued");
      await Promise.all([started, scheduling, watching]);
      await boss.offWork(jobQueue, { wait: false }).catch(() => {});
      await waitUntil(() => entries === 0, graceMs);
      const left = [...running].map(({ claimed }) =>
        settleJob(console, claimed, { state: "waiting", outcome: "continued", delayMs: 0 }),
      );
      await Promise.allSettled(left);
      await boss.stop({ graceful: false, close: false }).catch(() => {});
      await pool.close();
    },
  };
}

/** Twenty workers in a row were lost over it: it would take the next one as well. */
async function giveUp({ db }: ConsoleDb, entry: EntryData): Promise<void> {
  const { job, jobAttempt } = schema;
  const error = {
    code: "INTERNAL",
    message: "Every worker that ran this job was lost: it died, froze or was cut off.",
    hint: "See what the workers' logs and the machine say of their ends, then retry the job.",
  };
  await db.transaction(async (tx) => {
    const ended = await tx
      .update(job)
      .set({ state: "failed", error, finishedAt: sql`now()` })
      .where(
        and(eq(job.id, entry.job), eq(job.entryId, entry.entry), inArray(job.state, ["waiting", "running"])),
      )
      .returning({ id: job.id });
    if (ended.length === 0) return;
    await tx
      .update(jobAttempt)
      .set({ endedAt: sql`now()`, outcome: "lost" })
      .where(and(eq(jobAttempt.jobId, entry.job), isNull(jobAttempt.outcome)));
    await notifyJob(tx, entry.job);
  });
}

async function waitUntil(done: () => boolean, withinMs: number): Promise<void> {
  const overdue = AbortSignal.timeout(withinMs);
  while (!done() && !overdue.aborted) await pause(20, overdue);
}
