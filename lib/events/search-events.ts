import type { PendingQuery, Row, Sql } from "postgres";
import type { AuditDb } from "../audit-db/types.ts";
import { AppError } from "../errors.ts";
import type { Observed } from "../result.ts";
import { checkAccess } from "./check-access.ts";
import {
  type EventFilters,
  type EventKey,
  type EventPage,
  type EventSummary,
  searchPageRows,
} from "./types.ts";

export interface SearchOptions {
  /** Only what lies before this event: the next page. */
  before?: EventKey | undefined;
  /** Only what lies after this event, the nearest first cut off: for following what comes in. */
  after?: EventKey | undefined;
  limit?: number;
  signal?: AbortSignal;
}

const searchTimeoutMs = 15_000;
export const isoMicros = (column: string) =>
  `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;

/**
 * Events of a time range, newest first, a page at a time by key: pages stay whole while events come in. The range's
 * ends are passed as values, so that only its partitions are planned and read.
 * @throws AppError TIMEOUT when the range holds too much to look through, with what to narrow
 */
export async function searchEvents(
  audit: Pick<AuditDb, "use" | "server" | "vault">,
  filters: EventFilters,
  options: SearchOptions = {},
): Promise<Observed<EventPage>> {
  const observedAt = new Date();
  const limit = options.limit ?? searchPageRows;
  const people = await tokensOf(audit, [filters.actor, filters.target]);
  const answer = await audit
    .use(
      "read",
      "events.search",
      async (sql) => {
        const unavailable = await checkAccess(sql, audit);
        if (unavailable) return { unavailable, rows: [] };
        return { unavailable: null, rows: await selectPage(sql, filters, people, options, limit + 1) };
      },
      {
        timeoutMs: searchTimeoutMs,
        route: "nearest",
        maxStalenessMs: 10_000,
        ...(options.signal && { signal: options.signal }),
      },
    )
    .catch((thrown: unknown) => {
      if (!(thrown instanceof AppError && thrown.code === "TIMEOUT")) throw thrown;
      throw new AppError("TIMEOUT", `The search was stopped after ${searchTimeoutMs / 1_000} s.`, {
        cause: thrown,
        hint: "Narrow the time range, or add an organisation, an actor or a correlation id: those have an index.",
      });
    });
  const { rows, unavailable } = answer;
  const events = options.after ? rows.slice(-limit) : rows.slice(0, limit);
  return {
    data: {
      events,
      older: rows.length > limit && !options.after ? keyOf(events.at(-1)) : null,
      newest: keyOf(events[0]),
    },
    observedAt,
    source: "audit_log",
    ...(unavailable && { unavailable }),
  };
}

interface People {
  actor: string | null;
  target: string | null;
}

/** What a person's id is called in the log; the text itself where it is no known person's. */
async function tokensOf(
  audit: Pick<AuditDb, "vault">,
  [actor, target]: (string | undefined)[],
): Promise<People> {
  const ids = [actor, target].filter((id) => id !== undefined);
  const tokens = ids.length > 0 && audit.vault ? await audit.vault.tokensOf(ids) : [];
  const found = new Map(ids.map((id, index) => [id, tokens[index] ?? null]));
  return {
    actor: actor === undefined ? null : (found.get(actor) ?? actor),
    target: target === undefined ? null : (found.get(target) ?? target),
  };
}

async function selectPage(
  sql: Sql,
  filters: EventFilters,
  people: People,
  { before, after }: SearchOptions,
  limit: number,
): Promise<EventSummary[]> {
  const { from, to, target, targetType, organization, action, status, classification, policy } = filters;
  const conditions: PendingQuery<Row[]>[] = [sql`occurred_at >= ${from} and occurred_at < ${to}`];
  const add = (condition: PendingQuery<Row[]>) => conditions.push(condition);
  if (before)
    add(sql`occurred_at <= ${before.occurredAt}::text::timestamptz
      and (occurred_at, id) < (${before.occurredAt}::text::timestamptz, ${before.id}::uuid)`);
  if (after)
    add(sql`occurred_at >= ${after.occurredAt}::text::timestamptz
      and (occurred_at, id) > (${after.occurredAt}::text::timestamptz, ${after.id}::uuid)`);
  if (people.actor !== null) add(sql`actor_token = ${people.actor}`);
  if (people.target !== null)
    add(
      people.target === target
        ? sql`(target_token = ${people.target} or target_id = ${people.target})`
        : sql`target_token = ${people.target}`,
    );
  if (targetType !== undefined) add(sql`target_type = ${targetType}`);
  if (organization !== undefined) add(sql`organization_id = ${organization}`);
  if (action?.endsWith("*")) add(sql`starts_with(action, ${action.slice(0, -1)})`);
  else if (action !== undefined) add(sql`action = ${action}`);
  if (status !== undefined) add(sql`status = ${status}`);
  if (classification !== undefined) add(sql`data_classification = ${classification}`);
  if (policy !== undefined) add(sql`retention_policy = ${policy}`);
  if (filters.correlation !== undefined) add(sql`correlation_id = ${filters.correlation}`);
  if (filters.text !== undefined) add(sql`details::text ilike ${`%${escapeLike(filters.text)}%`}`);
  const where = conditions.reduce((all, one) => sql`${all} and ${one}`);
  const rows = await sql<EventSummary[]>`
    select id::text, ${sql.unsafe(isoMicros("occurred_at"))} as "occurredAt", organization_id as "organizationId",
           action, status, outcome, target_type as "targetType", target_id as "targetId",
           actor_token as "actorToken", data_classification as "dataClassification",
           retention_policy as "retentionPolicy", correlation_id as "correlationId"
    from public.audit_log where ${where}
    order by occurred_at ${sql.unsafe(after ? "asc" : "desc")}, id ${sql.unsafe(after ? "asc" : "desc")}
    limit ${limit}`;
  return after ? [...rows].reverse() : [...rows];
}

function escapeLike(text: string): string {
  return text.replace(/[\\%_]/g, "\\$&");
}

function keyOf(event: EventSummary | undefined): EventKey | null {
  return event ? { occurredAt: event.occurredAt, id: event.id } : null;
}
