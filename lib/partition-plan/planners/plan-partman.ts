import type { Sql } from "postgres";
import { findPartmanTable, type PartmanTable, readPartman } from "../../partition-facts/partman.ts";
import { quoteIdentifier, quoteQualified } from "../../quote-sql.ts";
import type { Planner } from "../planners.ts";
import { leavePartmanStep } from "../steps/leave-partman.ts";
import { runPartmanStep, serverNow } from "../steps/run-partman.ts";
import type { Draft, Refusal } from "../types.ts";

/** Maintenance through pg_partman, for a table on its list. */
export const planRunPartman: Planner<"run-partman"> = ({ audit }, request) =>
  audit.use("watch", "partitions.plan_partman", async (sql): Promise<Draft> => {
    const object = quoteQualified(request.table.schema, request.table.name);
    const draft = { table: request.table, title: `Run pg_partman's maintenance for ${object}`, request };
    const found = await onItsList(sql, request.table);
    if ("words" in found) return { ...draft, steps: [], refusals: [found], witnesses: [] };
    const { installation, parentTable, retention, retentionKeepTable, automatic } = found;
    const { schema, tellsLastRun } = installation;
    const refused = (words: string): Draft => ({
      ...{ ...draft, steps: [], witnesses: [] },
      refusals: [{ object, outcome: "refused", words }],
    });
    if (!(await isItsFunction(sql, schema)))
      return refused(
        `There is no function run_maintenance of the extension pg_partman in ${schema}: it is run where it stands.`,
      );
    if (retention !== null && retentionKeepTable === false)
      return refused(
        `Its retention of ${retention} drops partitions in the same run, and nothing here destroys rows. Set retention_keep_table in ${quoteQualified(schema, "part_config")}, or run it yourself.`,
      );
    const step = { table: request.table, schema, parentTable, tellsLastRun, since: await serverNow(sql) };
    return {
      ...draft,
      steps: [runPartmanStep.of(step)],
      notes: [
        `pg_partman ${installation.version ?? ""} makes up to ${found.premake} partitions ahead, by its own settings.`,
        ...(retention === null
          ? []
          : [`It detaches partitions older than ${retention} and keeps them as tables.`]),
        ...(automatic === "off"
          ? ["Its automatic maintenance is off: this is one run, asked for by name."]
          : []),
      ],
      witnesses: witnessesOf(found),
    };
  });

/** A table leaves pg_partman: its row stays, its automatic maintenance is turned off. */
export const planLeavePartman: Planner<"leave-partman"> = ({ audit }, request) =>
  audit.use("watch", "partitions.plan_partman", async (sql): Promise<Draft> => {
    const object = quoteQualified(request.table.schema, request.table.name);
    const draft = { table: request.table, title: `Leave pg_partman with ${object}`, request };
    const found = await onItsList(sql, request.table);
    if ("words" in found) return { ...draft, steps: [], refusals: [found], witnesses: [] };
    const { installation, parentTable, automatic } = found;
    const { schema } = installation;
    const config = quoteQualified(schema, "part_config");
    const done: Draft = { ...draft, steps: [], refusals: [], witnesses: witnessesOf(found) };
    if (automatic === "off") return done;
    const grant = await lackingGrant(sql, request.table, schema);
    if (grant !== null)
      return {
        ...done,
        refusals: [{ object, outcome: "refused", words: `${grant.words} Run: ${grant.sql}` }],
      };
    return {
      ...done,
      steps: [leavePartmanStep.of({ schema, parentTable })],
      notes: [
        `Only automatic_maintenance in ${config} changes, from ${automatic} to off: its partitions and its other settings stay as they are.`,
        "From then on nobody makes the next partitions by the clock: approve upkeep for the table. Whoever still calls run_maintenance for it by name makes them as before.",
        `The way back: UPDATE ${config} SET automatic_maintenance = 'on' WHERE parent_table = … after removing the upkeep.`,
      ],
    };
  });

async function onItsList(sql: Sql, table: { schema: string; name: string }): Promise<PartmanTable | Refusal> {
  const facts = await readPartman(sql);
  const object = quoteQualified(table.schema, table.name);
  const found = findPartmanTable(facts, table);
  if (found) return found;
  const { unavailable } = facts;
  if (unavailable)
    return { object, outcome: "refused", words: `${unavailable.reason} Run: ${unavailable.enable ?? ""}` };
  return { object, outcome: "missing", words: "pg_partman does not have this table on its list." };
}

/** A function of that name that anybody else made would run with the owner's rights. */
async function isItsFunction(sql: Sql, schema: string): Promise<boolean> {
  const [row] = await sql`
    select from pg_proc p
    join pg_depend d on d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e'
      and d.refclassid = 'pg_extension'::regclass
    join pg_extension e on e.oid = d.refobjid and e.extname = 'pg_partman'
    where p.proname = 'run_maintenance' and p.pronamespace = (select oid from pg_namespace where nspname = ${schema})`;
  return row !== undefined;
}

async function lackingGrant(sql: Sql, table: { schema: string; name: string }, schema: string) {
  const [row] = await sql<{ owner: string; may: boolean }[]>`
    select r.rolname as owner,
           has_schema_privilege(r.oid, s.oid, 'usage') and has_table_privilege(r.oid, p.oid, 'select')
             and has_table_privilege(r.oid, p.oid, 'update') as may
    from pg_class c join pg_roles r on r.oid = c.relowner, pg_namespace s, pg_class p
    where c.relname = ${table.name} and c.relnamespace = (select oid from pg_namespace where nspname = ${table.schema})
      and s.nspname = ${schema} and p.relnamespace = s.oid and p.relname = 'part_config'`;
  if (!row || row.may) return null;
  const owner = quoteIdentifier(row.owner);
  const config = quoteQualified(schema, "part_config");
  return {
    words: `${row.owner}, the owner of the table, may not change ${config}.`,
    sql: `GRANT USAGE ON SCHEMA ${quoteIdentifier(schema)} TO ${owner}; GRANT SELECT, UPDATE ON ${config} TO ${owner};`,
  };
}

function witnessesOf({ installation, parentTable, automatic, premake, interval }: PartmanTable): string[] {
  return [`${installation.schema} ${parentTable} ${automatic} ${premake} ${interval}`];
}
