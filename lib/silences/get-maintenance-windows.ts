import { asc, inArray } from "drizzle-orm";
import { meansAlert } from "../alerting/overlay.ts";
import { readFiring } from "../alerting/read-firing.ts";
import { timesOf, type WindowRow } from "../alerting/read-overlay.ts";
import { matchersOf } from "../alerting/silence-state.ts";
import { nextOccurrences, occurrenceAt } from "../alerting/window-times.ts";
import type { Check } from "../check.ts";
import type { Queryable } from "../db/console-db.ts";
import { schema } from "../db/schema.ts";
import { cronWords } from "../jobs/cron-words.ts";
import { hushesNothing, hushingOf } from "./hushing.ts";
import type { WindowLine } from "./types.ts";

const { maintenanceWindow } = schema;

const shownOccurrences = 5;

/** Maintenance windows of these targets and of all, by name, each with what it is doing and when it comes next. */
export async function getMaintenanceWindows(
  db: Pick<Queryable, "select">,
  checks: readonly Check[],
  targets: readonly string[],
  now: Date,
): Promise<WindowLine[]> {
  const [rows, firing] = await Promise.all([
    db
      .select()
      .from(maintenanceWindow)
      .where(inArray(maintenanceWindow.target, ["*", ...targets]))
      .orderBy(asc(maintenanceWindow.name), asc(maintenanceWindow.target)),
    readFiring(db, targets),
  ]);
  const traits = new Map(checks.map((check) => [check.id, check]));
  return rows.map((row) => {
    const { id, target, name, cron, enabled, revision, setByName: setBy, setAt } = row;
    const [when, matchers] = [timesOf(row), matchersOf(row)];
    const { open, next } = occurrencesOf(row, now);
    const meant = firing.filter((alert) => meansAlert({ target, matchers }, alert, traits));
    return {
      ...{ id, target, name, matchers, when, enabled, revision, setBy, setAt, open, next },
      words: cron === null ? null : cronWords(cron),
      hushes: enabled && open ? hushingOf(meant, 5) : hushesNothing,
    };
  });
}

/** One that this version cannot read any more has none: it is shown, and can be set anew. */
function occurrencesOf(row: WindowRow, now: Date): Pick<WindowLine, "open" | "next"> {
  try {
    const when = timesOf(row);
    return { open: occurrenceAt(when, now), next: nextOccurrences(when, now, shownOccurrences) };
  } catch {
    return { open: null, next: [] };
  }
}
