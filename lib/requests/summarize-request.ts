import { daysBetween } from "../request-law/days.ts";
import type { RequestKind } from "../request-law/kinds.ts";
import { isEnd } from "../request-law/states.ts";
import { dayIn } from "../request-law/zoned-day.ts";
import type { RequestClock } from "./clock/read-clocks.ts";
import { nextStepOf } from "./life/next-step.ts";
import type { RequestRow } from "./read-request.ts";
import type { RequestSummary } from "./types.ts";

const iso = (at: Date | null) => at?.toISOString() ?? null;

/** A request as lists show it: nothing of the person. */
export function summarizeRequest(
  row: RequestRow,
  { clock, intervals, extendedAt }: RequestClock,
  now: Date,
): RequestSummary {
  const { dueOn } = clock;
  // What was answered or has ended is neither due nor late.
  const counts = !isEnd(row.state) && row.respondedAt === null && dueOn !== null;
  return {
    id: row.id,
    number: row.number,
    version: row.version,
    kind: row.kind as RequestKind,
    regime: row.regime,
    state: row.state,
    resumesAt: row.resumesAt,
    organizations: row.organizations,
    targets: row.targets,
    receivedAt: row.receivedAt.toISOString(),
    channel: row.channel,
    reference: row.reference,
    submittedBy: row.submittedByName,
    dueAt: iso(clock.dueAt),
    dueOn,
    daysLeft: counts ? daysBetween(dayIn(row.timeZone, now), dueOn) : null,
    standing: clock.standing,
    intervals: intervals.map(({ kind, beganAt, endedAt }) => ({
      kind,
      beganAt: beganAt.toISOString(),
      endedAt: iso(endedAt),
    })),
    extendedAt: iso(extendedAt),
    timeZone: row.timeZone,
    respondedAt: iso(row.respondedAt),
    closedAt: iso(row.closedAt),
    next: nextStepOf(row),
  };
}
