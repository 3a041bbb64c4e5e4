import { and, desc, eq, isNull, lt, notInArray, sql } from "drizzle-orm";
import type { Queryable } from "../db/console-db.ts";
import { schema } from "../db/schema.ts";
import type { RequestKind } from "../request-law/kinds.ts";
import { endStates, type RequestState, requestStates } from "../request-law/states.ts";
import { readClocks } from "./clock/read-clocks.ts";
import { summarizeRequest } from "./summarize-request.ts";
import type { RequestSummary } from "./types.ts";

/** `open`: all that have not ended. */
export const requestFilters = ["open", "all", ...requestStates] as const;
export type RequestFilter = (typeof requestFilters)[number];

export interface RequestsAsked {
  state: RequestFilter;
  kind?: RequestKind | undefined;
  /** Only those whose last day is over and whom nobody has answered. */
  overdue: boolean;
  limit: number;
  /** Only those with a smaller number. */
  before?: number | undefined;
}

/** Requests, newest first: by number, with their clocks, and nothing of who asks. */
export async function getRequests(
  db: Queryable,
  { state, kind, overdue, limit, before }: RequestsAsked,
  now: Date,
): Promise<RequestSummary[]> {
  const { privacyRequest: request } = schema;
  const rows = await db
    .select()
    .from(request)
    .where(
      and(
        stateIs(state),
        kind && eq(request.kind, kind),
        overdue ? and(isNull(request.respondedAt), lt(request.dueAt, now), notEnded()) : undefined,
        before === undefined ? undefined : lt(request.number, before),
      ),
    )
    .orderBy(desc(request.number))
    .limit(limit);
  const clocks = await readClocks(db, rows, now);
  return rows.flatMap((row) => {
    const clock = clocks.get(row.id);
    return clock ? [summarizeRequest(row, clock, now)] : [];
  });
}

/** How many there are in each state; of those that nobody has answered yet, how many are late and how many are due within a week. */
export interface RequestCounts {
  states: Record<RequestState, number>;
  open: number;
  overdue: number;
  dueWithinWeek: number;
}

const weekMs = 7 * 86_400_000;

export async function countRequests(db: Queryable, now: Date): Promise<RequestCounts> {
  const soon = new Date(now.getTime() + weekMs);
  const rows = await db.execute<{ state: RequestState; n: number; overdue: number; soon: number }>(sql`
    select state, count(*)::int as n,
           count(*) filter (where responded_at is null and due_at < ${now.toISOString()})::int as overdue,
           count(*) filter (where responded_at is null and due_at >= ${now.toISOString()}
                              and due_at < ${soon.toISOString()})::int as soon
    from privacy_request group by state`);
  const open = rows.filter(({ state }) => !(endStates as readonly RequestState[]).includes(state));
  const sum = (of: (row: (typeof open)[number]) => number) => open.reduce((total, row) => total + of(row), 0);
  const zero = Object.fromEntries(requestStates.map((state) => [state, 0])) as RequestCounts["states"];
  return {
    states: { ...zero, ...Object.fromEntries(rows.map(({ state, n }) => [state, n])) },
    open: sum(({ n }) => n),
    overdue: sum(({ overdue }) => overdue),
    dueWithinWeek: sum((row) => row.soon),
  };
}

function stateIs(state: RequestFilter) {
  if (state === "all") return undefined;
  return state === "open" ? notEnded() : eq(schema.privacyRequest.state, state);
}

function notEnded() {
  return notInArray(schema.privacyRequest.state, [...endStates]);
}
