import type { ConsoleDb } from "../db/console-db.ts";
import { isConsoleOutage } from "../db/errors.ts";
import { type AppError, AppError as Refusal } from "../errors.ts";
import type { Logger } from "../log/log.ts";
import { type Claim, claimLost } from "./claim.ts";
import { jobChannel } from "./job-channel.ts";

/** Why work is ended before it ends by itself. */
export type Interruption = "lost" | "cancelled" | "continued";

export interface HeldClaim {
  signal: AbortSignal;
  interrupted(): Interruption | undefined;
  /** When it goes on, where it is handed back to wait; null for at once. */
  goesOnAt(): Date | null;
  interrupt(why: Interruption, goesOnAt?: Date): void;
  progress(done: number, total: number | null, unit: string): void;
  log(message: string, level?: LogLevel): void;
  /** What was reported since is written, at most once a second by itself. */
  flush(): Promise<void>;
  stop(): void;
}

type LogLevel = "info" | "warn" | "error";

const beatMs = 1_000;
/**
 * Without an answer for so long another worker may have it soon: pg-boss hears of us every 2 s and gives a job away
 * after 10 s, so the last beat is at most 2 s younger than that.
 */
const silentMs = 7_000;
const mostLines = 1_000;
const longestLine = 2_000;

const words: Record<Interruption, () => AppError> = {
  lost: claimLost,
  cancelled: () => new Refusal("CONFLICT", "The job was cancelled."),
  continued: () => new Refusal("CONFLICT", "The job goes on in another worker."),
};

/**
 * Says each second that the claim's holder lives, with progress and log lines; hears from the same statement that the
 * job was cancelled or taken over.
 * @param lines log lines the job has already
 */
export function holdClaim({ sql }: ConsoleDb, claim: Claim, lines: number, logger: Logger): HeldClaim {
  const abort = new AbortController();
  const { id, attempt } = claim;
  let why: Interruption | undefined;
  let later: Date | null = null;
  let confirmedAt = performance.now();
  let progress: { done: number; total: number | null; unit: string } | null = null;
  let pending: { at: Date; level: LogLevel; message: string }[] = [];
  let beating: Promise<void> | undefined;
  let stopped = false;

  const interrupt = (reason: Interruption, goesOnAt?: Date) => {
    if (why || stopped) return;
    why = reason;
    later = goesOnAt ?? null;
    abort.abort(words[reason]());
  };

  async function beat(): Promise<void> {
    const [said, told] = [pending, progress];
    pending = [];
    progress = null;
    const sentAt = performance.now();
    try {
      const held = await sql<{ cancelled: boolean }[]>`
        with held as (
          update job set beat_at = clock_timestamp(),
            done = coalesce(${told?.done ?? null}, done),
            total = case when ${told !== null} then ${told?.total ?? null} else total end,
            unit = coalesce(${told?.unit ?? null}, unit),
            progress_at = case when ${told !== null} then clock_timestamp() else progress_at end
          where id = ${id} and attempt = ${attempt} and state = 'running'
          returning cancel_requested_at is not null as cancelled
        ), said as (
          insert into job_log (job_id, attempt, at, level, message)
          select ${id}, ${attempt}, line.at, line.level, line.message from held,
            unnest(${said.map(({ at }) => at.toISOString())}::timestamptz[], ${said.map(({ level }) => level)}::text[],
              ${said.map(({ message }) => message)}::text[]) with ordinality as line (at, level, message, nth)
          order by line.nth
        ), told as (
          select pg_notify(${jobChannel}, ${id}) from held where ${said.length > 0 || told !== null}
        )
        select cancelled, (select count(*) from told) from held`;
      confirmedAt = sentAt;
      if (held.length === 0) interrupt("lost");
      else if (held[0]?.cancelled) interrupt("cancelled");
    } catch (err) {
      // Said again once the database is back; what it refuses for itself it would refuse each time.
      if (isConsoleOutage(err)) {
        pending = [...said, ...pending];
        progress ??= told;
      }
      logger.debug({ err, job: id }, "a job's progress could not be kept just now");
    }
  }

  const flush = async () => {
    await beating;
    beating = beat().finally(() => {
      beating = undefined;
    });
    await beating;
  };
  const timer = setInterval(() => {
    if (performance.now() - confirmedAt > silentMs) interrupt("lost");
    if (!beating) void flush();
  }, beatMs);

  return {
    signal: abort.signal,
    interrupted: () => why,
    goesOnAt: () => later,
    interrupt,
    progress(done, total, unit) {
      progress = { done, total, unit };
    },
    log(message, level = "info") {
      lines++;
      if (lines > mostLines + 1) return;
      const text = lines > mostLines ? "Further lines are left out." : cut(message);
      pending.push({ at: new Date(), level, message: text });
    },
    flush,
    stop() {
      stopped = true;
      clearInterval(timer);
    },
  };
}

function cut(message: string): string {
  const text = message.replaceAll("\0", "").toWellFormed();
  return text.length > longestLine ? `${text.slice(0, longestLine)} …` : text;
}
