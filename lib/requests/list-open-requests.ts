import type { Sql } from "postgres";
import type { OpenRequest } from "../check.ts";

/** Most that are judged at once. */
export const openRequestsMost = 1_000;

type Row = Omit<OpenRequest, "scan"> & {
  scanState: NonNullable<OpenRequest["scan"]>["state"] | null;
  scannedAt: Date;
};

/** Requests that have not ended, those first that are due soonest. */
export async function listOpenRequests(sql: Sql): Promise<OpenRequest[]> {
  const rows = await sql<Row[]>`
    select number::int, kind, request.state, due_at as "dueAt", responded_at is not null as answered,
           greatest(submitted_at, event.at, started_at, progress_at, checkpoint_at) as "movedAt",
           scan.state as "scanState", coalesce(scan.ended_at, scan.began_at) as "scannedAt"
    from privacy_request request
    left join job on job.id = request.job_id
    cross join lateral (select max(at) as at from privacy_request_event where request_id = request.id) event
    left join lateral (
      select * from privacy_request_scan where request_id = request.id order by began_at desc, id desc limit 1
    ) scan on true
    where closed_at is null
    order by due_at nulls last, number limit ${openRequestsMost}`;
  return rows.map(({ scanState, scannedAt, ...row }) => ({
    ...row,
    scan: scanState === null ? null : { state: scanState, at: scannedAt },
  }));
}
