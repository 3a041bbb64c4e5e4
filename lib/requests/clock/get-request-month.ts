import { and, gte, isNull, lt, notInArray } from "drizzle-orm";
import type { Queryable } from "../../db/console-db.ts";
import { schema } from "../../db/schema.ts";
import { endStates } from "../../request-law/states.ts";
import { summarizeRequest } from "../summarize-request.ts";
import type { RequestSummary } from "../types.ts";
import { readClocks } from "./read-clocks.ts";

const dayMs = 86_400_000;
// The weeks at a month's edges show up to six days of its neighbours; time zones move a due day by one more.
const edgeMs = 8 * dayMs;

/** Open requests that nobody answered, due in a month and in the weeks at its edges, however many; by due moment. @param month `YYYY-MM` */
export async function getRequestMonth(db: Queryable, month: string, now: Date): Promise<RequestSummary[]> {
  const { privacyRequest: request } = schema;
  const [year = 0, of = 1] = month.split("-").map(Number);
  const from = new Date(Date.UTC(year, of - 1, 1) - edgeMs);
  const to = new Date(Date.UTC(year, of, 1) + edgeMs);
  const rows = await db
    .select()
    .from(request)
    .where(
      and(
        notInArray(request.state, [...endStates]),
        isNull(request.respondedAt),
        gte(request.dueAt, from),
        lt(request.dueAt, to),
      ),
    )
    .orderBy(request.dueAt, request.number);
  const clocks = await readClocks(db, rows, now);
  return rows.flatMap((row) => {
    const clock = clocks.get(row.id);
    return clock ? [summarizeRequest(row, clock, now)] : [];
  });
}
