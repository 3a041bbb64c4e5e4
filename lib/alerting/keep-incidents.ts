import type { Sql } from "postgres";
import type { Check } from "../check.ts";
import { patienceFrom, readSetLimits } from "../evaluation/limits.ts";
import type { AcceptedLook } from "../evaluation/recorded.ts";
import { lockTarget } from "../evaluation/write-evaluations.ts";
import { type IncidentRow, incidentOf, insertIncidentEvents, updateIncidents } from "./incident-rows.ts";
import { recordEvaluation } from "./record-evaluation.ts";
import { recordFlapping } from "./record-flapping.ts";
import { type Ask, askRaw } from "./statement.ts";
import { tickIncident } from "./transition-incident.ts";

export interface Keeping {
  sql: Sql;
  checks: readonly Check[];
  /** A check that nobody has looked with for so long is missed. */
  missedAfterMs: number;
  /** The console database's unless given. */
  clock?: () => number;
}

/** How many incidents the clock moved. */
export interface Kept {
  closed: number;
  /** Acknowledgements and snoozes that are over. */
  returned: number;
  /** Targets whose evaluations do not come. */
  missed: number;
}

const mostAtOnce = 500;
/** A round takes up to 20 s beside its interval. */
const roundMs = 20_000;

/** Three rounds that did not come, however short their interval. */
export const missedAfter = (everySeconds: number): number => 3 * everySeconds * 1_000 + roundMs;

/**
 * What the clock alone does to incidents, whether or not their target is looked at: snoozes return, acknowledgements end,
 * what was normal for half an hour is closed; and what nobody looks at is marked as not confirmed.
 */
export async function keepIncidents({ sql, checks, missedAfterMs, clock }: Keeping): Promise<Kept> {
  const now = clock ? new Date(clock()) : await readClock(sql);
  const kept: Kept = { closed: 0, returned: 0, missed: 0 };
  for (let more = true; more; ) {
    const states = await sql.begin((tx) => tickDue(askRaw(tx as unknown as Sql), now));
    kept.closed += states.filter((state) => state === "closed").length;
    kept.returned += states.filter((state) => state === "open").length;
    more = states.length === mostAtOnce;
  }
  for (const target of await findMissed(sql, now, missedAfterMs)) {
    await sql.begin((tx) => recordMissed(tx as unknown as Sql, { target, checks, now, missedAfterMs }));
    kept.missed += 1;
  }
  return kept;
}

/** @returns the states that incidents are brought to */
async function tickDue(ask: Ask, now: Date): Promise<string[]> {
  const at = now.toISOString();
  const rows = await ask<{ row: IncidentRow }>`
    select row_to_json(incident) as row from incident
    where state <> 'closed'
      and (acknowledged_until <= ${at}::timestamptz or snoozed_until <= ${at}::timestamptz
        or normal_since <= ${at}::timestamptz - interval '30 minutes' or normal_since > ${at}::timestamptz)
    order by id limit ${mostAtOnce} for update`;
  const steps = rows.map(({ row }) => {
    const before = incidentOf(row);
    return { before, ...tickIncident(before, now) };
  });
  await updateIncidents(
    ask,
    steps.map(({ before, incident }) => ({ before, after: incident })),
  );
  await insertIncidentEvents(
    ask,
    steps.flatMap(({ incident, events }) => events.map((event) => ({ ...event, incidentId: incident.id }))),
    now,
  );
  return steps.map(({ incident, events }) => (events.length > 0 ? incident.state : "as it was"));
}

/** Targets with an alert that nobody looks at and that does not say so, or that recovers meanwhile. */
async function findMissed(sql: Sql, now: Date, missedAfterMs: number): Promise<string[]> {
  const rows = await sql<{ target: string }[]>`
    select distinct target from alert join check_evaluation using (target, check_id)
    where condition <> 'normal' and (unconfirmed_since is null or condition = 'recovering')
      and evaluated_at < ${new Date(now.getTime() - missedAfterMs)}`;
  return rows.map(({ target }) => target);
}

/** A round that saw nothing with the checks that are missed, unless one was evaluated meanwhile. */
async function recordMissed(
  tx: Sql,
  { target, checks, now, missedAfterMs }: Omit<Keeping, "sql" | "clock"> & { target: string; now: Date },
): Promise<void> {
  await lockTarget(tx, target);
  const missed = await tx<{ checkId: string; evaluatedAt: Date; repliedAt: Date | null }[]>`
    select check_id as "checkId", evaluated_at as "evaluatedAt", replied_at as "repliedAt" from check_evaluation
    where target = ${target} and evaluated_at < ${new Date(now.getTime() - missedAfterMs)}
    order by check_id for update`;
  const byId = new Map(checks.map((check) => [check.id, check]));
  const message = "No worker has evaluated it since.";
  const looks = missed.flatMap(({ checkId, evaluatedAt, repliedAt }): AcceptedLook[] => {
    const check = byId.get(checkId);
    const error = { code: "UNAVAILABLE" as const, message };
    return check ? [{ check, answer: null, error, repliedBefore: repliedAt ?? evaluatedAt }] : [];
  });
  const patience = patienceFrom(await readSetLimits(tx, target), target);
  await recordEvaluation(tx, target)({ target, now, looks, isCheck: () => true, patience });
  await recordFlapping(askRaw(tx), target, now);
}

async function readClock(sql: Sql): Promise<Date> {
  const [row] = await sql<{ now: Date }[]>`select clock_timestamp() as now`;
  return row?.now ?? new Date();
}
