import type { AuditDb } from "../audit-db/types.ts";
import type { Observed } from "../result.ts";

/** A guard that is not as it was made. */
export interface BrokenGuard {
  oid: number;
  schema: string;
  /** The table. */
  name: string;
  trigger: string;
  /** `off`: fires never, or for replicas alone. `bypassable`: not ALWAYS. `changed`: another function, event or condition. */
  wrong: "missing" | "off" | "bypassable" | "changed";
}

export interface Guards {
  database: string;
  /** Tables looked at: audit_log with every branch and partition, and audit_quarantine. */
  tables: number;
  broken: BrokenGuard[];
  /** Guard functions whose body or settings are not those of the schema. */
  changedFunctions: string[];
}

/**
 * SHA-256 of the bodies of the guard functions and of what they ask, as drizzle/audit makes them. A migration that replaces
 * one changes it here.
 */
const bodies = {
  audit_log_guard: "522e692d15e6231107010cd72af649b341d4163739d5e7601761250726ff3dda",
  audit_quarantine_guard: "7e6626f3ac125e992da246d5916592d1eeb0a8aa113111eade04a30b6537c3f2",
  audit_is_redaction: "d5ce15a3ace4eab5c43ef80709dd349a3e6e66dc8c20d7dc9c2327b51ad38d83",
};

/** As they are until the migration `0004_redactable_fields`. */
const bodiesBefore = {
  audit_log_guard: "cfa48aaf456108372a6240a3e60d9bcbf8538462f55e68ddd6f0efc48cd8ce9b",
  audit_quarantine_guard: "147c3efdfd0580e2c3038d9d745a0902404c9e380e5630782c33817d472bb821",
};

/**
 * The triggers that refuse changes, on audit_log, each of its branches and partitions, and on audit_quarantine. Reads
 * catalogues alone, so nobody's lock holds it up. Source: pg_trigger, pg_inherits. null without our schema. 4 ms;
 * 60 ms on 5,000 partitions.
 */
export function getGuards(audit: AuditDb): Promise<Observed<Guards | null>> {
  return audit.read<Guards | null>({
    name: "partitions.guards",
    ttlMs: 60_000,
    source: "pg_trigger, pg_proc",
    run: async (sql, { database, hasAuditSchema }) => {
      if (!hasAuditSchema) return null;
      // tgtype: 1 for each row, 2 before, 8 delete, 16 update, 32 truncate.
      const [row] = await sql<Pick<Guards, "tables" | "broken">[]>`
        with recursive tree as (
          select oid from pg_class where oid = to_regclass('public.audit_log')
          union all
          select i.inhrelid from tree t join pg_inherits i on i.inhparent = t.oid
        ), expected as (
          select oid, trigger, type, 'audit_log_guard' as function
          from tree cross join (values ('audit_log_guard_row', 27), ('audit_log_guard_statement', 58)) as t (trigger, type)
          union all
          select oid, trigger, type, 'audit_quarantine_guard'
          from pg_class
          cross join (values ('audit_quarantine_guard_row', 27), ('audit_quarantine_guard_statement', 34)) as t (trigger, type)
          where oid = to_regclass('public.audit_quarantine')
        ), judged as materialized (
          select e.oid, e.trigger,
                 case when t.oid is null then 'missing'
                      when p.proname <> e.function or p.pronamespace <> to_regnamespace('public') or t.tgtype <> e.type
                        or t.tgqual is not null or cardinality(t.tgattr) > 0 then 'changed'
                      when t.tgenabled in ('D', 'R') then 'off'
                      when t.tgenabled <> 'A' then 'bypassable'
                 end as wrong
          from expected e
          left join pg_trigger t on t.tgrelid = e.oid and t.tgname = e.trigger
          left join pg_proc p on p.oid = t.tgfoid
        )
        select (select count(distinct oid)::int from judged) as tables,
               coalesce((select json_agg(b) from (
                 select j.oid, n.nspname as schema, c.relname as name, j.trigger, j.wrong
                 from judged j join pg_class c on c.oid = j.oid join pg_namespace n on n.oid = c.relnamespace
                 where j.wrong is not null order by c.relname, j.trigger) as b), '[]') as broken`;
      const changed = await sql<{ name: string }[]>`
        select proname as name
        from (select exists (select from pg_attribute where attrelid = to_regclass('public.audit_log')
                             and attname = 'salts' and not attisdropped) as migrated) as schema
        cross join jsonb_each_text(case when migrated then ${JSON.stringify(bodies)}::text::jsonb
                                        else ${JSON.stringify(bodiesBefore)}::text::jsonb end) as made (name, body)
        join pg_proc on made.name = proname
        where pronamespace = to_regnamespace('public')
          and (encode(sha256(convert_to(prosrc, 'UTF8')), 'hex') <> made.body
               or proconfig is distinct from array['search_path=pg_catalog'])
        order by proname`;
      return {
        database,
        tables: row?.tables ?? 0,
        broken: row?.broken ?? [],
        changedFunctions: changed.map(({ name }) => name),
      };
    },
  });
}
