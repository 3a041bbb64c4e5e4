import type { Sql } from "postgres";
import type { OpenRequest } from "../check.ts";
import type { ClockFacts } from "../request-law/clock.ts";
import { readClock } from "../request-law/read-clock.ts";
import { endOfDay } from "../request-law/zoned-day.ts";

/** Most that are judged at once. */
export const openRequestsMost = 1_000;

type Received = Pick<ClockFacts, "regime" | "receivedAt" | "timeZone" | "country" | "region">;
type Row = Omit<OpenRequest, "scan" | "acknowledgeBy"> &
  Received & {
    acknowledged: boolean;
    scanState: NonNullable<OpenRequest["scan"]>["state"] | null;
    scannedAt: Date;
  };

/** Requests that have not ended, those first that are due soonest. */
export async function listOpenRequests(sql: Sql): Promise<OpenRequest[]> {
  const rows = await sql<Row[]>`
    select number::int, kind, request.state, due_at as "dueAt", responded_at is not null as answered,
           greatest(submitted_at, event.at, started_at, progress_at, checkpoint_at) as "movedAt",
           regime, received_at as "receivedAt", time_zone as "timeZone", country, region, event.acknowledged,
           scan.state as "scanState", coalesce(scan.ended_at, scan.began_at) as "scannedAt"
    from privacy_request request
    left join job on job.id = request.job_id
    cross join lateral (
      select max(at) as at, coalesce(bool_or(kind = 'acknowledged'), false) as acknowledged
      from privacy_request_event where request_id = request.id
    ) event
    left join lateral (
      select * from privacy_request_scan where request_id = request.id order by began_at desc, id desc limit 1
    ) scan on true
    where closed_at is null
    order by due_at nulls last, number limit ${openRequestsMost}`;
  return rows.map(({ number, kind, state, dueAt, answered, movedAt, scanState, scannedAt, ...row }) => ({
    ...{ number, kind, state, dueAt, answered, movedAt },
    acknowledgeBy: row.acknowledged ? null : acknowledgeBy(row),
    scan: scanState === null ? null : { state: scanState, at: scannedAt },
  }));
}

/** Nothing lets this period stand, so that receipt alone decides. */
function acknowledgeBy({ regime, receivedAt, timeZone, country, region }: Received): Date | null {
  const facts = { regime, receivedAt, timeZone, country, region, intervals: [], extendedAt: null };
  const { acknowledgeBy: day } = readClock(facts, receivedAt);
  return day === null ? null : endOfDay(timeZone, day);
}
