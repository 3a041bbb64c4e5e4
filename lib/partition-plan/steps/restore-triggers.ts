import type { TableName } from "../../audit-db/structural/table-lock.ts";
import { quoteQualified } from "../../quote-sql.ts";
import { defineStep } from "../define-step.ts";
import { inNoTime } from "../estimates/in-no-time.ts";
import { setFiring, type Trigger } from "../facts/read-triggers.ts";

export interface RestoreTriggers {
  table: TableName;
  /** `exists`: it only has to fire again. */
  triggers: (Pick<Trigger, "name" | "sql" | "enabled"> & { exists?: boolean })[];
}

/** Makes triggers that a table should have of its own, and sets when they fire. */
export const restoreTriggersStep = defineStep<RestoreTriggers>({
  kind: "restoreTriggers",
  plan({ table, triggers }) {
    const on = quoteQualified(table.schema, table.name);
    return {
      words: `Restore ${triggers.length === 1 ? "trigger" : "triggers"} ${triggers.map(({ name }) => name).join(", ")} on ${on}`,
      sql: triggers.flatMap((trigger) => triggerStatements(on, trigger)),
      locks: [{ relation: on, mode: "SHARE ROW EXCLUSIVE", stops: "writes" }],
      scans: null,
      moves: null,
      estimate: inNoTime,
    };
  },
  async look(sql, { table, triggers }) {
    const [row] = await sql<{ found: number }[]>`
      select count(t.oid)::int as found
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
      left join (
        pg_trigger t join json_to_recordset(${JSON.stringify(triggers)}::text::json) as wanted (name text, enabled text) on wanted.name = t.tgname and wanted.enabled = t.tgenabled::text
      ) on t.tgrelid = c.oid and not t.tgisinternal and (t.tgparentid = 0 or c.relispartition)
      where n.nspname = ${table.schema} and c.relname = ${table.name} group by c.oid`;
    if (!row) return "missing";
    return row.found === triggers.length ? "done" : "not done";
  },
});

/** @param on the table, qualified and quoted */
export function triggerStatements(
  on: string,
  { exists, ...trigger }: RestoreTriggers["triggers"][number],
): string[] {
  const fires = trigger.enabled === "O" && !exists ? [] : [setFiring(on, trigger)];
  return exists ? fires : [trigger.sql, ...fires];
}
