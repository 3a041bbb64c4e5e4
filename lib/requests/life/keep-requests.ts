import type { ConsoleDb } from "../../db/console-db.ts";
import type { Logger } from "../../log/log.ts";
import { refreshClocks } from "../clock/refresh-clocks.ts";
import { destroyDuePersonal } from "./destroy-personal.ts";

const hourMs = 3_600_000;

/** Rounds of what requests need of time itself: their personal data goes on its date, and clocks are read anew each hour. */
export function keepRequests(
  console: ConsoleDb,
  logger: Pick<Logger, "info">,
): (signal: AbortSignal) => Promise<void> {
  let refreshedAt = Number.NEGATIVE_INFINITY;
  return async (signal) => {
    const destroyed = await destroyDuePersonal(console);
    if (destroyed > 0) logger.info({ destroyed }, "personal data of requests destroyed on its date");
    if (signal.aborted || Date.now() - refreshedAt < hourMs) return;
    refreshedAt = Date.now();
    const changed = await refreshClocks(console);
    if (changed > 0) logger.info({ changed }, "clocks of requests read anew");
  };
}
