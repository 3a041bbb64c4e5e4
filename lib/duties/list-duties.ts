import type { Sql } from "postgres";
import type { Duty } from "./expected-duties.ts";
import { usualTiming } from "./leadership.ts";

/**
 * - `running`: a worker leads it and its rounds come.
 * - `late`: a worker leads it, and three rounds in a row did not come.
 * - `failing`: a worker leads it, and its last round failed.
 * - `unled`: no worker leads it.
 */
export type DutyCondition = "running" | "late" | "failing" | "unled";

export interface DutyState extends Duty {
  state: DutyCondition;
  /** Who does it now; `host:pid:start of the process, ms since 1970`. */
  leader: { holder: string; since: Date } | null;
  /** End of the last round that went well; null: none ever did. */
  lastBeat: Date | null;
  /** When the next round is due, in the past when it is late; null while nobody leads it. */
  nextDue: Date | null;
  /** Since when rounds fail and what the last one failed with, in words that may be shown; null while they do not. */
  failure: { code: string; message: string; since: Date } | null;
}

/** What the console database knows of one duty. */
export interface DutyRecord {
  now: Date;
  holder: string | null;
  since: Date | null;
  lastBeat: Date | null;
  /** The last failure, if no round went well since. */
  failedAt: Date | null;
  failingSince: Date | null;
  errorCode: string | null;
  errorMessage: string | null;
}

/** Another worker takes over within this time; until then a round may be missing without anything being wrong. */
const changeOfLeaderMs = 15_000;

/**
 * How each expected duty fares, in the order given, by the console database's clock. A lease that is too old is nobody's:
 * its holder gave up or is deposed.
 */
export async function listDuties(sql: Sql, expected: readonly Duty[]): Promise<DutyState[]> {
  const records = await sql<DutyRecord[]>`
    select clock_timestamp() as now, l.holder, l.since, h.at as "lastBeat", f.at as "failedAt",
           f.since as "failingSince", f.error_code as "errorCode", f.error_message as "errorMessage"
    from unnest(${expected.map(({ duty }) => duty)}::text[], ${expected.map(({ target }) => target)}::text[])
      with ordinality as e (duty, target, place)
    left join history.leader l on l.duty = e.duty and l.target = e.target
      and l.renewed_at >= clock_timestamp() - make_interval(secs => ${usualTiming.leaseSeconds})
    left join history.heartbeat h on h.duty = e.duty and h.target = e.target
    left join history.duty_failure f on f.duty = e.duty and f.target = e.target and (h.at is null or f.at > h.at)
    order by place`;
  return expected.map((duty, at) => judgeDuty(duty, records[at] as DutyRecord));
}

export function judgeDuty(duty: Duty, record: DutyRecord): DutyState {
  const { now, holder, since, lastBeat, failedAt, failingSince, errorCode, errorMessage } = record;
  const leader = holder !== null && since ? { holder, since } : null;
  const failure =
    failingSince && errorCode !== null
      ? { code: errorCode, message: errorMessage ?? "", since: failingSince }
      : null;
  // Whoever took over begins a round at once; a round before that is another leader's.
  const begun = leader && newest(leader.since, lastBeat, failedAt);
  const waitMs = begun && begun === leader?.since ? 0 : begun === failedAt ? duty.retryMs : duty.everyMs;
  const nextDue = begun && new Date(begun.getTime() + waitMs);
  const lateAfterMs = Math.max(3 * duty.everyMs, changeOfLeaderMs);
  const late = begun !== null && now.getTime() - begun.getTime() > lateAfterMs;
  const state = !leader ? "unled" : late ? "late" : failure ? "failing" : "running";
  return { ...duty, state, leader, lastBeat, nextDue, failure };
}

function newest(since: Date, ...others: (Date | null)[]): Date {
  return others.reduce<Date>((latest, at) => (at && at > latest ? at : latest), since);
}
