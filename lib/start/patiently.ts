import { pause } from "../duties/pause.ts";
import { AppError, type ErrorCode } from "../errors.ts";
import type { Say } from "./terminal.ts";

/** A machine that is busy with something else may need minutes. */
const patienceMs = 10 * 60_000;
const againMs = 3_000;

export interface Patience {
  say: Say;
  signal: AbortSignal;
  /** After which errors it is begun again; it must be harmless to repeat. */
  after: readonly ErrorCode[];
  /** Whether something came of it since it was asked last: then its time begins anew. */
  gotOn?(): boolean;
  /** Tests make it shorter. */
  againMs?: number;
  patienceMs?: number;
}

/**
 * Begins something anew while a database does not answer in time, saying so each time.
 * @returns what it answered; undefined when the signal aborted
 * @throws what it threw otherwise, or once nothing came of it for ten minutes
 */
export async function patiently<T>(work: () => Promise<T>, patience: Patience): Promise<T | undefined> {
  const { say, signal, after, gotOn = () => false } = patience;
  let until = Date.now() + (patience.patienceMs ?? patienceMs);
  while (!signal.aborted)
    try {
      return await work();
    } catch (thrown) {
      if (gotOn()) until = Date.now() + (patience.patienceMs ?? patienceMs);
      if (!(thrown instanceof AppError && after.includes(thrown.code)) || Date.now() >= until) throw thrown;
      say(`${thrown.message} Trying again`);
      await pause(patience.againMs ?? againMs, signal);
    }
  return undefined;
}
