import { consoleOutage } from "../db/console-db.ts";
import type { Observed } from "../result.ts";

/** Why the console's own database cannot be used, in words, and since when; null while it can. */
export interface ConsoleStatus {
  outage: { since: Date; reason: string; hint: string | null } | null;
}

/** As this process knows it; nothing is asked. */
export function getConsoleStatus(now: Date): Observed<ConsoleStatus> {
  const error = consoleOutage();
  const outage = error && { since: error.since ?? now, reason: error.message, hint: error.hint ?? null };
  return { data: { outage }, observedAt: now, source: "console: outage watch" };
}
