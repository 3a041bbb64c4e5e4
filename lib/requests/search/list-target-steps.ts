import type { AuditDb } from "../../audit-db/types.ts";
import { requireAccess } from "../../audit-log/check-access.ts";
import type { RowsStep } from "./steps.ts";

/** A step is this much of a table at most, so that a child that is ended loses little: 256 MB. */
export const blocksOfStep = 32_768;

interface Table {
  oid: number;
  schema: string;
  name: string;
  columns: string[];
  /** Whether its rows are events. */
  events: boolean;
  attached: boolean;
  readable: boolean;
  blocks: number;
  policy: string | null;
  from: string | null;
  to: string | null;
}

/**
 * Where on a target rows of events stand: partitions, tables that were detached, quarantine, what appends answered. From the
 * catalogue, and by their columns, so that a table that somebody detached or restored under another name is among them.
 * @throws AppError when it cannot be asked
 */
export async function listTargetSteps(
  audit: Pick<AuditDb, "use" | "target" | "can">,
): Promise<{ steps: RowsStep[]; unreadable: string[] }> {
  const tables = await audit.use("read", "requests.search_tables", async (sql) => {
    await requireAccess(sql);
    return sql<Table[]>`
      with mine as (
        select oid from pg_class where oid in (to_regclass('public.audit_quarantine'), to_regclass('public.audit_idempotency'))
        union
        select attrelid from pg_attribute
        where attname in ('id', 'occurred_at', 'retention_policy', 'details', 'actor_token', 'correlation_id') and not attisdropped
        group by attrelid having count(*) = 6
      )
      select c.oid::bigint::float8 as oid, nspname as schema, c.relname as name, c.relispartition as attached,
             c.relname <> 'audit_idempotency' as events,
             has_table_privilege(case when c.relispartition then 'public.audit_log'::regclass::oid else c.oid end, 'select') as readable,
             (pg_relation_size(c.oid) / current_setting('block_size')::int)::float8 as blocks,
             (select jsonb_agg(attname order by attnum) from pg_attribute
              where attrelid = c.oid and attnum > 0 and not attisdropped
                and atttypid in ('text'::regtype, 'varchar'::regtype, 'bpchar'::regtype, 'json'::regtype, 'jsonb'::regtype)) as columns,
             (regexp_match(pg_get_expr(above.relpartbound, above.oid), 'FOR VALUES IN [(]''([^'']+)''[)]'))[1] as policy,
             (regexp_match(pg_get_expr(c.relpartbound, c.oid), 'FROM [(]''([^'']+)''[)]'))[1] as "from",
             (regexp_match(pg_get_expr(c.relpartbound, c.oid), 'TO [(]''([^'']+)''[)]'))[1] as "to"
      from mine join pg_class c on c.oid = mine.oid join pg_namespace on pg_namespace.oid = c.relnamespace
      left join pg_inherits on inhrelid = c.oid and c.relispartition
      left join pg_class as above on above.oid = inhparent
      where c.relkind = 'r' and c.relpersistence <> 't'
      order by nspname, c.relname`;
  });
  const mayTry = (table: Table) => table.readable || audit.can("maintenance");
  return {
    steps: tables.filter(mayTry).flatMap((table) => stepsOf(audit.target, table)),
    unreadable: tables.filter((table) => !mayTry(table)).map(({ schema, name }) => `${schema}.${name}`),
  };
}

function stepsOf(target: string, table: Table): RowsStep[] {
  const { oid, schema, name, columns, events, attached, readable, blocks, policy, from, to } = table;
  const parts = Math.max(1, Math.ceil(blocks / blocksOfStep));
  return Array.from({ length: parts }, (_, n) => ({
    kind: "rows" as const,
    key: `${target}/${schema}.${name}/${n}`,
    target,
    purpose: readable ? ("read" as const) : ("maintenance" as const),
    ...{ schema, table: name, columns, events },
    // The right to read is the whole log's, never a partition's own.
    partition: attached ? { oid, policy, from, to } : null,
    fromBlock: n * blocksOfStep,
    toBlock: n === parts - 1 ? null : (n + 1) * blocksOfStep,
  }));
}
