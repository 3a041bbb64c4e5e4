import { AppError, consoleOutageDigest } from "../errors.ts";
import type { Logger } from "../log/log.ts";
import { consoleDbError, isConsoleOutage, sqlState } from "./errors.ts";

/** How long a process waits for the console database before it doubts it. */
export interface Patience {
  /** A statement unanswered for this long makes the process ask whether the server answers at all, in ms. */
  doubtAfterMs: number;
  /** A new connection that has no answer within this is an outage, in ms. */
  probeWithinMs: number;
}

export interface OutageWatch {
  /** Why the console database cannot be used now and since when; null while it can, as far as is known. */
  current(): AppError | null;
  /** @throws AppError UNAVAILABLE at once during an outage, so that nobody waits for what is known */
  assertReachable(): void;
  /** Asks the server now whether it answers, unless that is under way. */
  doubt(): void;
  /** The server has just answered something: it is slow at most. */
  heard(): void;
  /** Told when an outage begins. */
  onBegin(listener: (error: AppError) => void): void;
  stop(): void;
}

const againMs = 500;
/** So many probes in a row without an answer are told, though the server answers others. */
const mostUnanswered = 3;
/** No slot for a new connection says nothing about those that are open. */
export const slotsFull = "53300";
const noAnswer = "NO_ANSWER";

/**
 * Knows whether the console database answers. A statement that fails or waits is only a reason to ask: what counts
 * is whether a new connection gets an answer, so that a slow statement or one lost connection is no outage. One that gets
 * none in time from a server that answers others meanwhile is asked anew: under load a new connection waits first, for a
 * process and for its sign-in. Told after three such, that still ends nothing that is open. Writes one log line when an
 * outage begins and one when it ends.
 * @param probe opens a connection of its own and asks
 */
export function createOutageWatch(
  probe: () => Promise<unknown>,
  patience: Patience,
  logger?: Logger,
): OutageWatch {
  const listeners = new Set<(error: AppError) => void>();
  let outage: { error: AppError; since: Date; blocks: boolean } | null = null;
  let asking = false;
  let heardAt = 0;
  let unanswered = 0;
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;

  async function ask(): Promise<void> {
    if (asking || stopped) return;
    asking = true;
    clearTimeout(timer);
    const askedAt = performance.now();
    let again = false;
    try {
      await within(patience.probeWithinMs, probe());
      unanswered = 0;
      end();
    } catch (thrown) {
      const error = consoleDbError(thrown);
      const slow = sqlState(thrown) === noAnswer && heardAt > askedAt;
      unanswered++;
      again = slow && !outage && unanswered < mostUnanswered;
      if (isConsoleOutage(error) && !again) begin(error, !slow && sqlState(thrown) !== slotsFull);
    }
    asking = false;
    if (again) return ask();
    if (outage && !stopped) timer = setTimeout(ask, againMs).unref();
  }

  function begin(error: AppError, blocks: boolean): void {
    if (stopped) return;
    const since = outage?.since ?? new Date();
    const known = outage;
    outage = { error: dated(error, since), since, blocks };
    if (!known) {
      const { message: reason, hint } = error;
      logger?.warn({ code: error.code, reason, hint, since }, "the console database is unavailable");
    }
    if (blocks && !known?.blocks) for (const listener of listeners) listener(outage.error);
  }

  function end(): void {
    if (!outage || stopped) return;
    const outageSeconds = (Date.now() - outage.since.getTime()) / 1_000;
    outage = null;
    logger?.info({ outageSeconds }, "the console database answers again");
  }

  return {
    current: () => outage?.error ?? null,
    assertReachable() {
      if (outage?.blocks) throw outage.error;
    },
    doubt: () => void ask(),
    heard() {
      heardAt = performance.now();
    },
    onBegin: (listener) => void listeners.add(listener),
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}

function dated(error: AppError, since: Date): AppError {
  const { code, message, hint, cause } = error;
  return Object.assign(
    new AppError(code, message, { since, cause, retryAfterSeconds: 2, ...(hint && { hint }) }),
    { digest: consoleOutageDigest },
  );
}

async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  work.catch(() => {});
  try {
    return await Promise.race([
      work,
      new Promise<never>((_, reject) => {
        // Where this process was busy itself, the answer may have come and only not been read yet.
        const fail = () => reject(Object.assign(new Error("no answer"), { code: noAnswer }));
        timer = setTimeout(() => setImmediate(fail), ms);
      }),
    ]);
  } finally {
    clearTimeout(timer);
  }
}
