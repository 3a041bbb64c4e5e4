import { and, isNull, lt, notInArray } from "drizzle-orm";
import type { Queryable } from "../../db/console-db.ts";
import { schema } from "../../db/schema.ts";
import type { RequestKind } from "../../request-law/kinds.ts";
import { endStates, type RequestState } from "../../request-law/states.ts";
import { readClocks } from "./read-clocks.ts";

/** A day on which requests are due, of their controllers' calendar. */
export interface CalendarDay {
  /** `YYYY-MM-DD` */
  day: string;
  requests: { number: number; kind: RequestKind; state: RequestState }[];
}

const dayMs = 86_400_000;

/** Days within the next `days` on which open requests that nobody answered are due, and those that are over already; in order. */
export async function getRequestCalendar(db: Queryable, days: number, now: Date): Promise<CalendarDay[]> {
  const { privacyRequest: request } = schema;
  const until = new Date(now.getTime() + days * dayMs);
  const rows = await db
    .select()
    .from(request)
    .where(
      and(notInArray(request.state, [...endStates]), isNull(request.respondedAt), lt(request.dueAt, until)),
    )
    .orderBy(request.dueAt, request.number);
  const clocks = await readClocks(db, rows, now);
  const byDay = new Map<string, CalendarDay["requests"]>();
  for (const { id, number, kind, state } of rows) {
    const day = clocks.get(id)?.clock.dueOn;
    if (!day) continue;
    byDay.set(day, [...(byDay.get(day) ?? []), { number, kind: kind as RequestKind, state }]);
  }
  return [...byDay].map(([day, requests]) => ({ day, requests })).sort((a, b) => (a.day < b.day ? -1 : 1));
}
