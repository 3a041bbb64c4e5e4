import type { Sql } from "postgres";
import { type RedactableField, redactableFields } from "../../audit-db/append/salts.ts";
import { redactBatchSize } from "../../privacy/redaction/redact-batch.ts";
import type { FreePlace } from "./find-free-places.ts";

const dayMs = 86_400_000;
const pageSize = 10 * redactBatchSize;

/** Events of one target whose same fields hold an identifier in clear: at most a batch. */
export interface ClearBatch {
  target: string;
  policy: string;
  fields: RedactableField[];
  events: { id: string; occurredAt: string }[];
}

/** What is left in clear, and why. */
export interface ClearLeft {
  /** What a floor keeps, or a policy that its target does not know. */
  kept: { target: string; policy: string; events: number; until: string | null }[];
  /** What was free and is there still: a hold keeps it. */
  held: { target: string; policy: string; events: number }[];
  /** When the first of them becomes free; null where none does by itself. */
  nextAt: Date | null;
}

/**
 * The events of a place that may be redacted, by time, in batches of the same fields. What is settled is not told again; what
 * a hold keeps is passed over.
 */
export async function* readFreeEvents(
  sql: Sql,
  scope: string | null,
  { target, policy, freeUntil }: FreePlace,
): AsyncGenerator<ClearBatch> {
  let after: { occurredAt: string; id: string } | undefined;
  for (;;) {
    const rows = await sql<{ id: string; occurredAt: string; fields: string[] }[]>`
      select event_id::text as id, fields,
             to_char(occurred_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as "occurredAt"
      from privacy_request_clear
      where scope_id = ${scope} and target = ${target} and policy = ${policy} and done_at is null
        and occurred_at <= ${freeUntil}
        ${after ? sql`and (occurred_at, event_id) > (${after.occurredAt}::text::timestamptz, ${after.id}::uuid)` : sql``}
      order by occurred_at, event_id limit ${pageSize}`;
    after = rows.at(-1);
    if (!after) return;
    const groups = Map.groupBy(rows, ({ fields }) =>
      redactableFields.filter((one) => fields.includes(one)).join(),
    );
    for (const [fields, same] of groups)
      for (let at = 0; at < same.length; at += redactBatchSize)
        yield {
          ...{ target, policy },
          fields: redactableFields.filter((one) => fields.split(",").includes(one)),
          events: same.slice(at, at + redactBatchSize).map(({ id, occurredAt }) => ({ id, occurredAt })),
        };
  }
}

/** Notes that events are no longer to be redacted. */
export async function settleClear(
  sql: Sql,
  scope: string | null,
  { target, policy, events }: ClearBatch,
  at: Date,
): Promise<void> {
  await sql`
    update privacy_request_clear as clear set done_at = ${at}
    from jsonb_to_recordset(${JSON.stringify(events)}::text::jsonb) as done (id uuid, "occurredAt" timestamptz)
    where scope_id = ${scope} and target = ${target} and policy = ${policy}
      and occurred_at = done."occurredAt" and event_id = done.id and done_at is null`;
}

/** What a run left, once it came through. */
export async function readClearLeft(
  sql: Sql,
  scope: string | null,
  places: readonly FreePlace[],
): Promise<ClearLeft> {
  const rows = await sql<
    { target: string; policy: string; kept: number; held: number; first: Date | null; last: Date | null }[]
  >`
    select clear.target, clear.policy,
           count(*) filter (where kept)::int as kept, count(*) filter (where not kept)::int as held,
           min(occurred_at) filter (where kept) as first, max(occurred_at) filter (where kept) as last
    from privacy_request_clear as clear
    join ${freePlaces(sql, places)} on free.target = clear.target and free.policy = clear.policy
    cross join lateral (select free."freeUntil" is null or occurred_at > free."freeUntil" as kept) as judged
    where scope_id = ${scope} and done_at is null
    group by clear.target, clear.policy order by clear.target, clear.policy`;
  const left: ClearLeft = { kept: [], held: [], nextAt: null };
  for (const { target, policy, kept, held, first, last } of rows) {
    if (held > 0) left.held.push({ target, policy, events: held });
    if (kept === 0) continue;
    const floorDays = places.find((one) => one.target === target && one.policy === policy)?.floorDays ?? null;
    const endOf = (at: Date | null) =>
      at === null || floorDays === null ? null : new Date(at.getTime() + floorDays * dayMs);
    // Times are of microseconds: the millisecond after is past it.
    const next = endOf(first && new Date(first.getTime() + 1));
    if (next && (left.nextAt === null || next < left.nextAt)) left.nextAt = next;
    left.kept.push({ target, policy, events: kept, until: endOf(last)?.toISOString() ?? null });
  }
  return left;
}

/** Events to be redacted at one moment. */
export async function countFree(
  sql: Sql,
  scope: string | null,
  places: readonly FreePlace[],
): Promise<number> {
  const [row] = await sql<{ events: number }[]>`
    select count(*)::int as events from privacy_request_clear as clear
    join ${freePlaces(sql, places)} on free.target = clear.target and free.policy = clear.policy
    where scope_id = ${scope} and done_at is null and occurred_at <= free."freeUntil"`;
  return row?.events ?? 0;
}

function freePlaces(sql: Sql, places: readonly FreePlace[]) {
  return sql`jsonb_to_recordset(${JSON.stringify(places)}::text::jsonb)
    as free (target text, policy text, "freeUntil" timestamptz)`;
}
