import type { Sql } from "postgres";
import { quoteIdentifier, quoteQualified } from "../../quote-sql.ts";

/** A trigger that people made, on one table. */
export interface Trigger {
  name: string;
  /** The statement that makes it, with the table's name in it. */
  sql: string;
  /** The same for each table: without the names of trigger and table. */
  meaning: string;
  /** As pg_trigger has it: O fires as usual, A always, R on replicas, D never. */
  enabled: "O" | "A" | "R" | "D";
  /** PostgreSQL made it from the parent's, and takes it away at a detach. */
  cloned: boolean;
  forEachRow: boolean;
  /** Row triggers with transition tables keep a table from becoming a partition. */
  hasTransitionTable: boolean;
}

/** In order of name. Within `lookUp`: functions are qualified then. Source: pg_trigger. */
export async function readTriggers(sql: Sql, oid: number): Promise<Trigger[]> {
  return sql<Trigger[]>`
    select t.tgname as name, pg_get_triggerdef(t.oid) as sql, t.tgenabled as enabled, t.tgparentid <> 0 as cloned,
           (t.tgtype & 1) = 1 as "forEachRow", t.tgoldtable is not null or t.tgnewtable is not null as "hasTransitionTable",
           concat_ws(' ', t.tgtype, t.tgattr, t.tgfoid, encode(t.tgargs, 'hex'),
                     regexp_replace(pg_get_triggerdef(t.oid), '^.* FOR EACH ', '')) as meaning
    from pg_trigger t where t.tgrelid = ${oid} and not t.tgisinternal order by t.tgname`;
}

const states: Record<Trigger["enabled"], string> = {
  O: "ENABLE",
  A: "ENABLE ALWAYS",
  R: "ENABLE REPLICA",
  D: "DISABLE",
};

/** The statement that sets when it fires. @param table qualified and quoted */
export function setFiring(table: string, { name, enabled }: Pick<Trigger, "name" | "enabled">): string {
  return `ALTER TABLE ${table} ${states[enabled]} TRIGGER ${quoteIdentifier(name)}`;
}

/** What keeps a partition of the native table append-only for whole statements; PostgreSQL clones row triggers alone. */
export function statementGuard({
  schema,
  name,
}: {
  schema: string;
  name: string;
}): Pick<Trigger, "name" | "sql" | "enabled"> {
  const on = quoteQualified(schema, name);
  return {
    name: "audit_log_guard_statement",
    enabled: "A",
    sql: `CREATE TRIGGER audit_log_guard_statement BEFORE UPDATE OR DELETE OR TRUNCATE ON ${on} FOR EACH STATEMENT EXECUTE FUNCTION public.audit_log_guard()`,
  };
}

export const isNative = ({ schema, name }: { schema: string; name: string }) =>
  schema === "public" && name === "audit_log";
