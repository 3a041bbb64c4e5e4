import { and, eq, gt, inArray, isNull, lte, or } from "drizzle-orm";
import type { Check } from "../check.ts";
import type { Queryable } from "../db/console-db.ts";
import { schema } from "../db/schema.ts";
import type { ActiveSilence, Inhibitor, OpenWindow, OverlayFacts } from "./overlay.ts";
import { matchersOf, silenceState } from "./silence-state.ts";
import { type Occurrence, occurrenceAt, type WindowTimes } from "./window-times.ts";

const { alert, incident, maintenanceWindow, silence } = schema;

type Reader = Pick<Queryable, "select">;

/** What keeps alerts from being told now, of every target: three statements, for one round of telling or one read. */
export async function readOverlay(db: Reader, checks: readonly Check[], now: Date): Promise<OverlayFacts> {
  const [silences, windows, inhibitors] = await Promise.all([
    readActiveSilences(db, now),
    readOpenWindows(db, now),
    readInhibitors(db, checks),
  ]);
  return { silences, windows, inhibitors, checks: new Map(checks.map((check) => [check.id, check])) };
}

/** Silences that hold now, of every target. */
export async function readActiveSilences(db: Reader, now: Date): Promise<ActiveSilence[]> {
  const rows = await db
    .select({ silence, incident })
    .from(silence)
    .leftJoin(incident, eq(incident.id, silence.incidentId))
    .where(
      and(
        isNull(silence.endedAt),
        lte(silence.startsAt, now),
        or(isNull(silence.endsAt), gt(silence.endsAt, now)),
      ),
    );
  return rows
    .filter((row) => silenceState(row.silence, row.incident, now) === "active")
    .map(({ silence: row }) => ({
      id: row.id,
      target: row.target,
      matchers: matchersOf(row),
      reason: row.reason,
      by: row.createdByName,
      guarded: row.guarded,
      until: row.endsAt,
    }));
}

async function readOpenWindows(db: Reader, now: Date): Promise<OpenWindow[]> {
  const rows = await db.select().from(maintenanceWindow).where(eq(maintenanceWindow.enabled, true));
  return rows.flatMap((row) => {
    const open = occurrenceOf(row, now);
    return open
      ? { id: row.id, target: row.target, matchers: matchersOf(row), name: row.name, until: open.to }
      : [];
  });
}

/** One whose expression or zone this version cannot read any more keeps nothing from being told. */
function occurrenceOf(row: WindowRow, now: Date): Occurrence | null {
  try {
    return occurrenceAt(timesOf(row), now);
  } catch {
    return null;
  }
}

/** Alerts of checks that explain others. */
async function readInhibitors(db: Reader, checks: readonly Check[]): Promise<Inhibitor[]> {
  const ids = checks.filter(({ outage, covers }) => outage || covers).map(({ id }) => id);
  const rows = await db
    .select()
    .from(alert)
    .where(and(inArray(alert.checkId, ids), inArray(alert.condition, ["firing", "recovering"])));
  return rows.map(({ target, checkId, objectKey, severity, incidentId, words }) => ({
    ...{ target, checkId, objectKey, incidentId },
    severity: severity ?? "notice",
    title: (words as { title: string }).title,
  }));
}

export type WindowRow = typeof maintenanceWindow.$inferSelect;

/** When a window is; the table's own constraint keeps it one of the two. */
export function timesOf({ startsAt, endsAt, cron, timeZone, minutes }: WindowRow): WindowTimes {
  if (cron !== null) return { cron, timeZone: timeZone ?? "UTC", minutes: minutes ?? 0 };
  return { startsAt: startsAt ?? new Date(0), endsAt: endsAt ?? new Date(0) };
}
