import { setTimeout as sleep } from "node:timers/promises";
import type { AlertSeverity } from "../alerting/alert.ts";
import type { IncidentEventKind, IncidentState } from "../alerting/incident.ts";
import { incidentChannel } from "../alerting/incident-rows.ts";
import { createBell } from "../db/bell.ts";
import { type Channel, openChannel } from "../db/channel.ts";
import type { ConsoleDb } from "../db/console-db.ts";
import { AppError } from "../errors.ts";

/** One event of an incident, and how that stands now. */
export interface IncidentChange {
  seq: number;
  at: Date;
  kind: IncidentEventKind;
  /** Who did it; null: the machine. */
  by: string | null;
  incident: {
    id: string;
    number: number;
    target: string;
    checkId: string;
    title: string;
    condition: "firing" | "normal";
    state: IncidentState;
    severity: AlertSeverity;
    version: number;
  };
}

/** `place`: what was told before stands before it. */
export type IncidentNews = { place: number } | { change: IncidentChange } | { away: AppError };

/** Notifications are lost while their connection is away: without one it is looked this often. */
const lookMs = 5_000;
const retryMs = 2_000;
const pageEvents = 500;
/** Transactions commit in another order than they took their numbers: events so near behind are looked at again … */
const window = 200;
/** … while they are so young; a round and a verb take less. */
const windowSeconds = 60;

/** Pages and routes have module instances of their own; only globalThis is shared. */
const held = globalThis as typeof globalThis & { auditDashboardIncidentNews?: Channel };

/**
 * Follows what happens to incidents of these targets until the signal aborts. Without `after` it begins with what happens
 * from now on; behind a place nothing is lost, and some of it may be told again. What passes, such as an outage of the
 * console database, is told once (`away`) and waited out.
 */
export async function* followIncidents(
  console: ConsoleDb,
  targets: readonly string[],
  { after, signal }: { after?: number | undefined; signal: AbortSignal },
): AsyncGenerator<IncidentNews, void, undefined> {
  held.auditDashboardIncidentNews ??= openChannel(console.sql, incidentChannel);
  const bell = createBell(signal);
  const deafen = held.auditDashboardIncidentNews.listen(() => bell.ring());
  const told = new Set<number>();
  let place: number | undefined;
  let away = false;
  try {
    while (!signal.aborted) {
      try {
        if (place === undefined) {
          const newest = await findNewest(console);
          // A place beyond the newest is of another database.
          place = after === undefined ? newest : Math.min(after, newest);
          if (after === undefined)
            for (const { seq } of await readChanges(console, targets, newest)) told.add(seq);
          yield { place };
        }
        for (let more = true; more && !signal.aborted; ) {
          const changes: IncidentChange[] = await readChanges(console, targets, place);
          for (const change of changes) {
            if (told.has(change.seq)) continue;
            told.add(change.seq);
            yield { change };
          }
          const last = changes.at(-1)?.seq ?? place;
          more = changes.length === pageEvents && last > place;
          place = Math.max(place, last);
        }
        for (const seq of told) if (seq <= place - window) told.delete(seq);
        away = false;
        await bell.wait(lookMs);
      } catch (thrown) {
        if (!(thrown instanceof AppError && thrown.retryable)) throw thrown;
        if (!away) yield { away: thrown };
        away = true;
        await sleep(retryMs, undefined, { signal }).catch(() => {});
      }
    }
  } finally {
    deafen();
  }
}

async function findNewest({ sql }: ConsoleDb): Promise<number> {
  const [row] = await sql<{ seq: number | null }[]>`select max(seq)::float8 as seq from incident_event`;
  return row?.seq ?? 0;
}

async function readChanges(
  { sql }: ConsoleDb,
  targets: readonly string[],
  place: number,
): Promise<IncidentChange[]> {
  return [
    ...(await sql<IncidentChange[]>`
      select seq::float8 as seq, at, kind, actor_name as by,
             jsonb_build_object('id', incident.id, 'number', number, 'target', target, 'checkId', check_id,
               'title', words->>'title', 'condition', condition, 'state', state, 'severity', severity,
               'version', version) as incident
      from incident_event join incident on incident.id = incident_id
      where target = any(${[...targets]}::text[])
        and (seq > ${place}
          or (seq > ${place - window} and at > clock_timestamp() - make_interval(secs => ${windowSeconds})))
      order by seq limit ${pageEvents}`),
  ];
}
