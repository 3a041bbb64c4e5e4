import type { Sql } from "postgres";
import { structuralWorkLock } from "../audit-db/locks.ts";
import type { AuditDb } from "../audit-db/types.ts";
import { copiesMark } from "../partition-plan/default-rows/move-statements.ts";
import { parseQualified } from "../quote-sql.ts";
import type { Observed } from "../result.ts";

interface Table {
  oid: number;
  schema: string;
  name: string;
}

/** What a change of partitions that was broken off left in the catalogue. */
export interface HalfDone {
  database: string;
  /** Tables with copies of a default partition's rows that are no partition. */
  copies: (Table & {
    /** The default that they are copies of; null where it is none (any more). */
    from: { schema: string; name: string } | null;
    /** Somebody works on that default's table just now. */
    inWork: boolean;
  })[];
  /** CHECKs of default partitions by which an attach leaves rows out: until it ends, rows of its place are refused. */
  refusing: HalfDone["constraints"];
  /** Constraints that a detach or an attach adds, and that were not validated. */
  constraints: (Table & { constraint: string; inWork: boolean })[];
  /** Tables that were partitions of ours, and whose rows can be changed: a detach takes the row guard along. */
  unguarded: (Table & { inWork: boolean })[];
}

const [markBegin = "", markEnd = ""] = copiesMark({ schema: "x", name: "x" }).split("x.x");

/**
 * Tables that were left half way to being a partition, or to standing by themselves. What is written before its job ends
 * looks the same: `inWork` tells it while the job holds the table. Source: pg_description, pg_constraint,
 * pg_trigger, pg_locks.
 */
export function getHalfDone(audit: AuditDb): Promise<Observed<HalfDone>> {
  return audit.read({
    name: "partitions.halfDone",
    ttlMs: 15_000,
    source: "pg_description, pg_constraint, pg_trigger, pg_locks",
    run: async (sql, { database }) => {
      const marked = await sql<(Table & { comment: string })[]>`
        select c.oid, n.nspname as schema, c.relname as name, d.description as comment
        from pg_description d join pg_class c on c.oid = d.objoid join pg_namespace n on n.oid = c.relnamespace
        where d.classoid = 'pg_class'::regclass and d.objsubid = 0 and not c.relispartition and c.relkind in ('r', 'p')
          and starts_with(d.description, ${markBegin}) and right(d.description, ${markEnd.length}) = ${markEnd}
        order by 2, 3`;
      const copies = marked.map(({ comment, ...table }) => ({ ...table, from: fromOf(comment) }));
      const defaults = await findDefaults(
        sql,
        copies.flatMap(({ from }) => from ?? []),
      );
      const constraints = await sql<HalfDone["constraints"]>`
        select c.oid, n.nspname as schema, c.relname as name, k.conname as constraint,
               exists (select from pg_locks where locktype = 'advisory' and objsubid = 2 and granted
                         and classid::int8 = ${structuralWorkLock}
                         and database = (select oid from pg_database where datname = current_database())) as "inWork"
        from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_namespace n on n.oid = c.relnamespace
        where not k.convalidated and k.contype in ('c', 'f') and not c.relispartition and c.relkind = 'r'
          and exists (select from pg_constraint own where own.conrelid = k.conrelid and own.contype = 'c'
                        and own.conname ~ '^bounds(_\\d+)?$')
        order by 2, 3, 4`;
      const refusing = await sql<HalfDone["constraints"]>`
        select c.oid, n.nspname as schema, c.relname as name, k.conname as constraint,
               exists (select from pg_locks where locktype = 'advisory' and objsubid = 2 and granted
                         and classid::int8 = ${structuralWorkLock} and objid = pg_partition_root(c.oid)::oid
                         and database = (select oid from pg_database where datname = current_database())) as "inWork"
        from pg_partitioned_table p join pg_class c on c.oid = p.partdefid join pg_namespace n on n.oid = c.relnamespace
        join pg_constraint k on k.conrelid = c.oid and k.contype = 'c' and k.conname ~ '^leaves_out(_\\d+)?$'
        order by 2, 3, 4`;
      // The statement guard is a partition's own, the row guard is a clone of its parent's: the detach leaves the first alone.
      const unguarded = await sql<HalfDone["unguarded"]>`
        select c.oid, n.nspname as schema, c.relname as name,
               exists (select from pg_locks where locktype = 'advisory' and objsubid = 2 and granted
                         and classid::int8 = ${structuralWorkLock} and objid = log.oid
                         and database = (select oid from pg_database where datname = current_database())) as "inWork"
        from pg_class log join pg_proc guard on guard.pronamespace = log.relnamespace and guard.proname = 'audit_log_guard'
        join pg_trigger own on own.tgfoid = guard.oid and own.tgname = 'audit_log_guard_statement' and own.tgrelid <> log.oid
        join pg_class c on c.oid = own.tgrelid join pg_namespace n on n.oid = c.relnamespace
        where log.relname = 'audit_log' and log.relnamespace = to_regnamespace('public') and not c.relispartition
          and not exists (select from pg_trigger t where t.tgrelid = c.oid and t.tgname = 'audit_log_guard_row')
          and c.oid <> all (select json_array_elements_text(${JSON.stringify(copies.map(({ oid }) => oid))}::text::json)::oid)
        order by 2, 3`;
      return {
        database,
        unguarded: [...unguarded],
        refusing: [...refusing],
        copies: copies.map(({ from, ...table }) => {
          const found =
            from && defaults.find(({ schema, name }) => schema === from.schema && name === from.name);
          return { ...table, from: found ? from : null, inWork: found?.inWork ?? false };
        }),
        constraints: [...constraints],
      };
    },
  });
}

function fromOf(comment: string): { schema: string; name: string } | null {
  const relation = parseQualified(comment.slice(markBegin.length, -markEnd.length));
  return relation?.schema ? { schema: relation.schema, name: relation.name } : null;
}

/** Those of these that are default partitions, and whether somebody holds the structural lock of their tree. */
function findDefaults(
  sql: Sql,
  names: readonly { schema: string; name: string }[],
): Promise<{ schema: string; name: string; inWork: boolean }[]> {
  return sql<{ schema: string; name: string; inWork: boolean }[]>`
    select n.nspname as schema, c.relname as name,
           exists (select from pg_locks where locktype = 'advisory' and objsubid = 2 and granted
                     and classid::int8 = ${structuralWorkLock} and objid = pg_partition_root(c.oid)::oid
                     and database = (select oid from pg_database where datname = current_database())) as "inWork"
    from pg_partitioned_table p join pg_class c on c.oid = p.partdefid join pg_namespace n on n.oid = c.relnamespace
    where (n.nspname, c.relname) in (
      select * from json_to_recordset(${JSON.stringify(names)}::text::json) as a (schema text, name text))`;
}
