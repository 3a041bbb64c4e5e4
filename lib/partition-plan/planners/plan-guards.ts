import type { Sql } from "postgres";
import type { TableName } from "../../audit-db/structural/table-lock.ts";
import { quoteIdentifier, quoteQualified } from "../../quote-sql.ts";
import type { Selection } from "../facts/select-relations.ts";
import { type RestoreTriggers, restoreTriggersStep } from "../steps/restore-triggers.ts";
import type { Refusal, StepData } from "../types.ts";
import type { Work } from "./of-table.ts";

interface Guarded extends TableName {
  root: boolean;
  trigger: string;
  /** As pg_trigger has them; null where there is no such trigger. */
  enabled: string | null;
  type: number | null;
  function: string | null;
  /** It fires on a condition, or for some columns alone. */
  partial: boolean | null;
}

/** tgtype of the triggers that refuse changes: 1 for each row, 2 before, 8 delete, 16 update, 32 truncate. */
const guards = {
  audit_log: { row: 27, statement: 58 },
  audit_quarantine: { row: 27, statement: 34 },
} as const;
type Guardable = keyof typeof guards;

const named = ({ schema, name }: TableName) => quoteQualified(schema, name);

/** The native tables' triggers that refuse changes, put back where they are missing or do not always fire. */
export async function planGuards(sql: Sql, { table, asked }: Selection): Promise<Work> {
  const refuse = (words: string): Work => ({
    steps: [],
    refusals: [{ object: named(table), outcome: "refused", words }],
  });
  if (asked.length === 0) return { steps: [] };
  if (table.schema !== "public" || !(table.name in guards))
    return refuse(`${named(table)} is no table of the audit schema: it has no guards of ours.`);
  const root = table.name as Guardable;
  const found = await readGuards(sql, root);
  const steps: StepData[] = [];
  const refusals: Refusal[] = [];
  for (const of of Map.groupBy(found, named).values()) {
    const [first] = of;
    if (!first) continue;
    const triggers = of.flatMap((guard) => restored(root, guard));
    if (triggers.length > 0)
      steps.push(restoreTriggersStep.of({ table: { schema: first.schema, name: first.name }, triggers }));
    refusals.push(...of.flatMap((guard) => changed(root, guard)));
  }
  return { steps, refusals };
}

/** Root first: a row trigger that is made there is made everywhere below. */
function readGuards(sql: Sql, root: Guardable): Promise<Guarded[]> {
  const triggers = Object.keys(guards[root]).map((kind) => `${root}_guard_${kind}`);
  return sql<Guarded[]>`
    with recursive tree as (
      select c.oid, 0 as level from pg_class c
      where c.relname = ${root} and c.relnamespace = 'public'::regnamespace
      union all
      select i.inhrelid, level + 1 from tree join pg_inherits i on i.inhparent = tree.oid
    )
    select n.nspname as schema, c.relname as name, tree.level = 0 as root, wanted.trigger, t.tgenabled as enabled,
           t.tgtype as type, t.tgfoid::regproc::text as function,
           t.tgqual is not null or cardinality(t.tgattr) > 0 as partial
    from tree join pg_class c on c.oid = tree.oid join pg_namespace n on n.oid = c.relnamespace
    cross join json_array_elements_text(${JSON.stringify(triggers)}::text::json) as wanted (trigger)
    left join pg_trigger t on t.tgrelid = c.oid and t.tgname = wanted.trigger and not t.tgisinternal
    order by tree.level, n.nspname, c.relname, wanted.trigger`;
}

function restored(root: Guardable, guard: Guarded): RestoreTriggers["triggers"] {
  const { schema, name, trigger, enabled } = guard;
  if (enabled === "A" || changed(root, guard).length > 0) return [];
  const rows = trigger.endsWith("_row");
  const events = rows
    ? "UPDATE OR DELETE"
    : root === "audit_log"
      ? "UPDATE OR DELETE OR TRUNCATE"
      : "TRUNCATE";
  const sql = `CREATE TRIGGER ${trigger} BEFORE ${events} ON ${quoteQualified(schema, name)} FOR EACH ${rows ? "ROW" : "STATEMENT"} EXECUTE FUNCTION public.${root}_guard()`;
  // Below the root a row trigger comes with the root's.
  const exists = enabled !== null || (rows && !guard.root);
  return [{ name: trigger, sql, enabled: "A", ...(exists && { exists }) }];
}

/** Somebody made it another one: that is looked at before it is replaced. */
function changed(root: Guardable, guard: Guarded): Refusal[] {
  const { trigger, enabled, type } = guard;
  if (enabled === null) return [];
  const wanted = guards[root][trigger.endsWith("_row") ? "row" : "statement"];
  if (!guard.partial && type === wanted && guard.function === `public.${root}_guard`) return [];
  const words = `${trigger} on ${named(guard)} is not the schema's own any more. Find out who replaced it and why, then drop it (DROP TRIGGER ${quoteIdentifier(trigger)} ON ${named(guard)};) and ask again.`;
  return [{ object: named(guard), outcome: "refused", words }];
}
