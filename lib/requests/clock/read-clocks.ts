import { inArray } from "drizzle-orm";
import type { Queryable } from "../../db/console-db.ts";
import { schema } from "../../db/schema.ts";
import type { Clock, ClockInterval } from "../../request-law/clock.ts";
import { readClock } from "../../request-law/read-clock.ts";
import type { RequestRow } from "../read-request.ts";

/** A request's clock, and what it is read from. */
export interface RequestClock {
  clock: Clock;
  intervals: ClockInterval[];
  extendedAt: Date | null;
}

type Clocked = Pick<RequestRow, "id" | "regime" | "receivedAt" | "timeZone" | "country" | "region">;

/** The clocks of requests as they stand, by their ids. */
export async function readClocks(
  db: Queryable,
  rows: readonly Clocked[],
  now: Date,
): Promise<Map<string, RequestClock>> {
  if (rows.length === 0) return new Map();
  const { requestInterval, requestExtension } = schema;
  const ids = rows.map(({ id }) => id);
  const intervals = await db
    .select()
    .from(requestInterval)
    .where(inArray(requestInterval.requestId, ids))
    .orderBy(requestInterval.beganAt, requestInterval.id);
  const extensions = await db.select().from(requestExtension).where(inArray(requestExtension.requestId, ids));
  return new Map(
    rows.map((row) => {
      const own = intervals
        .filter(({ requestId }) => requestId === row.id)
        .map(({ kind, beganAt, endedAt }) => ({ kind, beganAt, endedAt }));
      const extendedAt = extensions.find(({ requestId }) => requestId === row.id)?.toldAt ?? null;
      const { regime, receivedAt, timeZone, country, region } = row;
      const facts = { regime, receivedAt, timeZone, country, region, intervals: own, extendedAt };
      return [row.id, { clock: readClock(facts, now), intervals: own, extendedAt }];
    }),
  );
}
