import type { Sql } from "postgres";
import type { Purpose } from "../audit-db/purpose.ts";
import type { AuditDb } from "../audit-db/types.ts";
import type { ConsoleDb } from "../db/console-db.ts";
import { pause } from "../duties/pause.ts";
import { AppError } from "../errors.ts";
import type { Logger } from "../log/log.ts";
import { claimLost } from "./claim.ts";
import type { ClaimedJob } from "./claim-job.ts";
import type { JobContext } from "./define-job.ts";
import { createWrite } from "./held-writes.ts";
import type { HeldClaim } from "./hold-claim.ts";
import { createOnce } from "./once.ts";
import { holdBackend } from "./target-backends.ts";

/** The queue looks every two seconds: a shorter wait would be longer by handing the place back. */
const inPlaceMs = 2_000;

const writing: ReadonlySet<Purpose> = new Set(["write", "maintenance", "privacy"]);

export interface ContextOptions {
  console: ConsoleDb;
  claimed: ClaimedJob;
  held: HeldClaim;
  /** Undefined when the job has none, or it is configured no more. */
  target: AuditDb | undefined;
  logger: Logger;
  /** A checkpoint later than this hands the rest of the work to the next attempt. */
  continueAt: number;
}

/** What one claim of a job works with. */
export function createJobContext(options: ContextOptions): JobContext {
  const { console, claimed, held, target, logger, continueAt } = options;
  const { id, attempt, checkpoint: restored } = claimed;
  const claim = { id, attempt };
  // Whoever catches what is thrown goes by the signal: this is no failure of the work.
  const lost = () => {
    held.interrupt("lost");
    return claimLost();
  };
  const write = createWrite(console, claim, lost);
  const holding = <T>(purpose: Purpose, session: Sql, work: () => Promise<T>) =>
    holdBackend({ console, claim, lost }, purpose, session, work);
  const audit = target && holdSessions(target, holding, held.signal);
  return {
    id,
    attempt,
    console,
    get audit() {
      if (audit) return audit;
      const why = claimed.target
        ? `There is no target named "${claimed.target}" any more.`
        : `The job ${claimed.name} works on no target.`;
      throw new AppError("NOT_FOUND", why);
    },
    holding,
    signal: held.signal,
    now: () => new Date(),
    async waitUntil(at) {
      const ms = at.getTime() - Date.now();
      if (ms > inPlaceMs) held.interrupt("continued", at);
      else await pause(ms, held.signal);
      held.signal.throwIfAborted();
    },
    progress: held.progress,
    log: held.log,
    logger,
    restored,
    async checkpoint(state) {
      await held.flush();
      held.signal.throwIfAborted();
      const kept = await console.sql`
        update job
        set checkpoint = ${JSON.stringify(state ?? null)}::text::jsonb, checkpoint_at = clock_timestamp()
        where id = ${id} and attempt = ${attempt} and state = 'running' returning 1`;
      if (kept.length === 0) throw lost();
      if (Date.now() < continueAt) return;
      held.interrupt("continued");
      held.signal.throwIfAborted();
    },
    write,
    once: createOnce(claim, write),
  };
}

/** A view of the target whose sessions that write are noted while they are lent, and given up with the claim. */
function holdSessions(target: AuditDb, holding: JobContext["holding"], signal: AbortSignal): AuditDb {
  const use: AuditDb["use"] = (purpose, name, run, options = {}) =>
    target.use(
      purpose,
      name,
      (session, place) =>
        writing.has(purpose) ? holding(purpose, session, () => run(session, place)) : run(session, place),
      { ...options, signal: options.signal ? AbortSignal.any([signal, options.signal]) : signal },
    );
  const reserve: AuditDb["reserve"] = (purpose, options, run) =>
    target.reserve(
      purpose,
      { ...options, signal: options.signal ? AbortSignal.any([signal, options.signal]) : signal },
      (session) => (writing.has(purpose) ? holding(purpose, session.sql, () => run(session)) : run(session)),
    );
  const withMaxAge: AuditDb["withMaxAge"] = (maxAgeMs) =>
    holdSessions(target.withMaxAge(maxAgeMs), holding, signal);
  return { ...target, use, reserve, withMaxAge };
}
