import type { AuditDb } from "../audit-db/types.ts";
import type { History, TimeRange } from "../collector/types.ts";
import type { Observed } from "../result.ts";
import type { Timeline } from "./types.ts";

/** What happened to the target in a range: outages, restarts, changed settings, reset statistics. */
export async function getTimeline(
  audit: AuditDb,
  history: History,
  range: TimeRange,
  now: Date,
): Promise<Observed<Timeline>> {
  const events = await history.events(audit.target, range);
  return { data: { ...range, events }, observedAt: now, source: "events of the collector" };
}
