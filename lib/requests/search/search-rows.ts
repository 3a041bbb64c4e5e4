import type { Sql } from "postgres";
import { quoteQualified } from "../../quote-sql.ts";
import { nothingFound, type RowsStep, type SearchFound } from "./steps.ts";

/** Two megabytes at once. */
const blocksAtOnce = 256;

type Row = Record<string, string | null>;

/**
 * Looks through a table's rows, block by block: in flat memory, without an index, and with no value of anybody's in a
 * statement. The caller's transaction decides what is seen where rows move meanwhile.
 * @param eventsAtOnce with so many events told it stops, and says at which block it goes on
 */
export async function searchRows(
  sql: Sql,
  step: RowsStep,
  matches: (text: string) => boolean,
  eventsAtOnce: number,
): Promise<SearchFound> {
  const found: SearchFound = { ...structuredClone(nothingFound), key: step.key };
  const from = step.partition ? sql`public.audit_log` : sql`only ${sql(step.schema)}.${sql(step.table)}`;
  const [size] = await sql<{ blocks: number }[]>`
    select (pg_relation_size(${quoteQualified(step.schema, step.table)}::regclass)
            / current_setting('block_size')::int)::float8 as blocks`;
  const end = Math.min(step.toBlock ?? Number.POSITIVE_INFINITY, size?.blocks ?? 0);
  const texts = step.columns.map(
    (column, n) => sql`${n === 0 ? sql`` : sql`,`} ${sql(column)}::text as ${sql(`c${n}`)}`,
  );
  const keys = step.events
    ? sql`, id::text as "eventId", retention_policy as "eventPolicy",
          to_char(occurred_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as "eventAt"`
    : sql``;
  for (let block = step.fromBlock; block < end; block += blocksAtOnce) {
    const to = Math.min(block + blocksAtOnce, end);
    const rows = await sql<Row[]>`
      select ${texts} ${keys} from ${from}
      where ctid >= ${`(${block},0)`}::tid and ctid < ${`(${to},0)`}::tid ${within(sql, step)}`;
    for (const row of rows) note(found, step, row, matches);
    found.looked += rows.length;
    if (found.events.length >= eventsAtOnce && to < end) return { ...found, nextBlock: to };
  }
  return found;
}

/** Bounds as values, so that the one partition is planned. */
function within(sql: Sql, { partition }: RowsStep) {
  if (!partition) return sql``;
  const { oid, policy, from, to } = partition;
  return sql`and tableoid = ${oid}::oid
    ${policy === null ? sql`` : sql`and retention_policy = ${policy}`}
    ${from === null ? sql`` : sql`and occurred_at >= ${from}::text::timestamptz`}
    ${to === null ? sql`` : sql`and occurred_at < ${to}::text::timestamptz`}`;
}

function note(
  found: SearchFound,
  { columns, events }: RowsStep,
  row: Row,
  matches: (text: string) => boolean,
): void {
  const fields = columns.filter((_, n) => {
    const text = row[`c${n}`];
    return typeof text === "string" && matches(text);
  });
  if (fields.length === 0) return;
  found.found++;
  for (const field of fields) found.columns[field] = (found.columns[field] ?? 0) + 1;
  const { eventId, eventAt, eventPolicy } = row;
  if (!events || !eventId || !eventAt || !eventPolicy) return;
  found.policies[eventPolicy] = (found.policies[eventPolicy] ?? 0) + 1;
  found.events.push({ id: eventId, occurredAt: eventAt, policy: eventPolicy, fields });
}
