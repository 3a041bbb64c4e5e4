import { setTimeout as pause } from "node:timers/promises";
import type { StepContext } from "./define-step.ts";
import { findAwaited, sessionWords } from "./find-blockers.ts";
import { readProgress } from "./read-progress.ts";

const everyMs = 1_000;
/** Without a time to work, a statement waits for others as long as this. */
const longestWaitMs = 600_000;

/** A statement of the session under watch. */
export interface Watched {
  /** Whom it waited for when its wait was given up; null where it was not. */
  givenUp(): string | null;
  end(): Promise<void>;
}

/**
 * Watches what the session runs from another connection, once a second: how far it is, and whom it waits for. A wait that
 * goes on beyond the time to work is ended by a cancel request: it would hold up every other job on the table.
 */
export function watchStatement(context: StepContext): Watched {
  const over = new AbortController();
  let givenUp: string | null = null;
  const watching = watch(context, over.signal, (awaited) => {
    givenUp = awaited;
    context.session.cancel();
  });
  return {
    givenUp: () => givenUp,
    async end() {
      over.abort();
      await watching;
    },
  };
}

/** A look that fails costs the figure, not the work. */
async function watch(
  context: StepContext,
  over: AbortSignal,
  giveUp: (awaited: string) => void,
): Promise<void> {
  const { session, progress, log, waits } = context;
  const { pid } = session.backend;
  let [phase, whom] = ["", ""];
  let since = Date.now();
  const look = () =>
    context
      .watch(async (sql) => ({ seen: await readProgress(sql, pid), awaited: await findAwaited(sql, pid) }))
      .catch(() => null);
  while (await waited(over)) {
    const looked = await look();
    if (!looked || over.aborted) continue;
    const { seen, awaited } = looked;
    if (seen) progress(seen.done, seen.total > 0 ? seen.total : null, seen.unit);
    if (seen && seen.phase !== phase) log(`${seen.phase}.`);
    phase = seen?.phase ?? phase;
    const now = awaited.slice(0, 3).map(sessionWords).join("; ");
    if (now !== whom) {
      waits(now === "" ? null : now);
      if (now !== "") log(`Waits for ${now}.`);
    }
    if (now === "" || whom === "") since = Date.now();
    whom = now;
    const until = context.giveUpAt?.getTime() ?? since + longestWaitMs;
    if (now !== "" && Date.now() >= until) return giveUp(now);
  }
}

const waited = (over: AbortSignal) => pause(everyMs, true, { signal: over }).catch(() => false);
