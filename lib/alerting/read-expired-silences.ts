import { and, desc, eq, inArray, isNotNull, lte, or } from "drizzle-orm";
import type { Check } from "../check.ts";
import type { Queryable } from "../db/console-db.ts";
import { schema } from "../db/schema.ts";
import { type JudgedAlert, meansAlert } from "./overlay.ts";
import { endOf, matchersOf, silenceState } from "./silence-state.ts";

const { incident, silence } = schema;

/** The newest that are looked at. */
const mostSilences = 500;
const mostShown = 10;

export interface ExpiredSilence {
  id: string;
  reason: string;
  endedAt: Date;
  /** Who made it. */
  by: string;
}

/** Silences that are over and would mean one of these alerts of a target if they were not, what ended last first. */
export async function readExpiredSilences(
  db: Pick<Queryable, "select">,
  { target, alerts, checks }: { target: string; alerts: readonly JudgedAlert[]; checks: readonly Check[] },
  now: Date,
): Promise<ExpiredSilence[]> {
  const traits = new Map(checks.map((check) => [check.id, check]));
  const rows = await db
    .select({ silence, incident })
    .from(silence)
    .leftJoin(incident, eq(incident.id, silence.incidentId))
    .where(
      and(
        inArray(silence.target, [target, "*"]),
        or(isNotNull(silence.endedAt), lte(silence.endsAt, now), isNotNull(silence.incidentFires)),
      ),
    )
    .orderBy(desc(silence.id))
    .limit(mostSilences);
  return rows
    .filter((row) => silenceState(row.silence, row.incident, now) === "expired")
    .filter(({ silence: row }) => {
      const hush = { target: row.target, matchers: matchersOf(row), guarded: row.guarded };
      return alerts.some((alert) => meansAlert(hush, alert, traits));
    })
    .map(({ silence: row, incident: of }) => ({
      id: row.id,
      reason: row.reason,
      endedAt: endOf(row, of) ?? row.createdAt,
      by: row.createdByName,
    }))
    .toSorted((a, b) => b.endedAt.getTime() - a.endedAt.getTime())
    .slice(0, mostShown);
}
