import type { Sql } from "postgres";
import { levelOf } from "../db/errors.ts";
import type { Logger } from "../log/log.ts";
import { beat, noteFailure } from "./heartbeat.ts";
import { pause } from "./pause.ts";

export interface Repeated {
  /** Its name, by which its beats are kept. */
  duty: string;
  target: string;
  /** Pause after a round that went well, and after one that threw. */
  everyMs: number;
  retryMs: number;
  sql: Sql;
  logger: Logger;
  /** One round; it ends soon after its signal aborts. What is left half done the next round goes on with. */
  work(signal: AbortSignal): Promise<void>;
}

/** Does `work` round after round until the signal aborts. A round beats; one that throws is noted and tried again. Never throws. */
export async function repeat(options: Repeated, signal: AbortSignal): Promise<void> {
  const { duty, target, everyMs, retryMs, sql, logger, work } = options;
  while (!signal.aborted) {
    let waitMs = everyMs;
    try {
      await work(signal);
      await beat(sql, duty, target);
    } catch (err) {
      // What a round is cut off with when its duty goes to somebody else is no failure.
      if (signal.aborted) return;
      waitMs = retryMs;
      logger[levelOf(err)]({ err, duty, target }, "a duty failed and is tried again");
      await noteFailure(sql, duty, target, err).catch(() => {});
    }
    await pause(waitMs, signal);
  }
}
