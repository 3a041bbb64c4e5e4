import type { Sql } from "postgres";
import type { AuditDb } from "../audit-db/types.ts";
import { toAppError } from "../errors.ts";
import { quoteIdentifier, quoteQualified } from "../quote-sql.ts";
import type { Unavailable } from "../result.ts";
import type { PartitionNode } from "./get-nodes.ts";
import { parseBounds } from "./parse-bounds.ts";
import { withProbeSettings } from "./with-probe-settings.ts";

/** Counting stops here: one row is enough to stop its maintenance. */
export const beyondCap = 1_000;
const countTimeout = "2s";

export interface RowsBeyond {
  /** Rows of the default partition at or beyond the newest bound, up to `beyondCap`; null where they could not be counted. */
  rows: number | null;
  unavailable?: Unavailable;
}

/**
 * Rows of a default partition that lie where pg_partman makes its next partitions, which the server refuses to attach or
 * create while they are there. Those of a gap or of the past stop nothing. Source: the default partition itself.
 * @param cells the partitions beside it
 */
export async function getRowsBeyond(
  audit: AuditDb,
  fallback: PartitionNode,
  parent: PartitionNode,
  cells: readonly PartitionNode[],
): Promise<RowsBeyond> {
  const [column] = parent.key ?? [];
  const ends = cells.flatMap(({ bounds }) => {
    const parsed = bounds === null ? null : parseBounds(bounds);
    const end = parsed?.kind === "range" ? parsed.to[0] : undefined;
    return end?.is === "value" ? [end.text] : [];
  });
  if (!column?.name || parent.key?.length !== 1 || ends.length === 0)
    return {
      rows: null,
      unavailable: notJudged("It has no partition yet, or a key of more than one column."),
    };
  const { name, type } = column;
  const identifier = quoteQualified(fallback.schema, fallback.name);
  try {
    const { data } = await audit.read({
      name: "partitions.partmanBeyond",
      key: [fallback.oid, ends.length],
      ttlMs: 60_000,
      revalidateMs: 60_000,
      source: identifier,
      run: (sql) =>
        withProbeSettings(sql, async (probe) =>
          (await mayRead(probe, fallback.oid)) ? countBeyond(probe, identifier, name, type, ends) : null,
        ),
    });
    return data === null ? { rows: null, unavailable: notGranted(fallback, audit.roles[0]) } : { rows: data };
  } catch (thrown) {
    return { rows: null, unavailable: notJudged(`Counting its rows failed: ${toAppError(thrown).message}`) };
  }
}

async function mayRead(sql: Sql, oid: number): Promise<boolean> {
  const [row] = await sql<{ may: boolean }[]>`
    select has_table_privilege(c.oid, 'select') and has_schema_privilege(c.relnamespace, 'usage')
             and not row_security_active(c.oid) as may
    from pg_class c where c.oid = ${oid}`;
  return row?.may === true;
}

async function countBeyond(
  sql: Sql,
  identifier: string,
  column: string,
  type: string,
  ends: readonly string[],
): Promise<number> {
  await sql`select set_config('statement_timeout', ${countTimeout}, true), set_config('TimeZone', 'UTC', true)`;
  const [counted] = await sql.unsafe<{ rows: number }[]>(
    `select count(*)::int as "rows" from (
       select from ${identifier}
       where ${quoteIdentifier(column)} >= (
         select max(bound::${type}) from json_array_elements_text($1::text::json) as bound)
       limit ${beyondCap}) t`,
    [JSON.stringify(ends)],
  );
  return counted?.rows ?? 0;
}

const notJudged = (reason: string): Unavailable => ({ code: "insufficient_data", reason });

function notGranted({ schema, name }: PartitionNode, role = "the watching role"): Unavailable {
  const to = quoteIdentifier(role);
  return {
    code: "no_grant",
    reason: "The watching role may not read this default partition, or policies hide its rows.",
    enable: `GRANT USAGE ON SCHEMA ${quoteIdentifier(schema)} TO ${to}; GRANT SELECT ON ${quoteQualified(schema, name)} TO ${to};`,
  };
}
