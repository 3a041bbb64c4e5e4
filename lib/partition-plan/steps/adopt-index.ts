import type { TableName } from "../../audit-db/structural/table-lock.ts";
import { quoteIdentifier, quoteQualified } from "../../quote-sql.ts";
import { defineStep } from "../define-step.ts";
import { inNoTime } from "../estimates/in-no-time.ts";

export interface AdoptIndex {
  table: TableName;
  /** Its own, in the table's schema. */
  index: string;
  /** Makes it a key first, as the parent's is: PRIMARY KEY or UNIQUE. */
  key: "PRIMARY KEY" | "UNIQUE" | null;
  /** The parent's index to become a part of, and its table; null where ATTACH PARTITION will see to it. */
  parent: { index: TableName; table: TableName } | null;
}

/** Makes an index that is built what the parent's is: a key, a part of the parent's index. Scans nothing. */
export const adoptIndexStep = defineStep<AdoptIndex>({
  kind: "adoptIndex",
  plan({ table, index, key, parent }) {
    const on = quoteQualified(table.schema, table.name);
    const own = quoteQualified(table.schema, index);
    const above = parent && quoteQualified(parent.index.schema, parent.index.name);
    const short = quoteIdentifier(index);
    return {
      words: above ? `Attach index ${own} to ${above}` : `Make index ${own} the ${key} of ${on}`,
      sql: [
        ...(key ? [`ALTER TABLE ${on} ADD CONSTRAINT ${short} ${key} USING INDEX ${short}`] : []),
        ...(above ? [`ALTER INDEX ${above} ATTACH PARTITION ${own}`] : []),
      ],
      locks: [
        key
          ? { relation: on, mode: "ACCESS EXCLUSIVE", stops: "reads and writes" }
          : { relation: on, mode: "ACCESS SHARE", stops: "other changes of structure" },
        ...(parent && above
          ? ([
              {
                relation: quoteQualified(parent.table.schema, parent.table.name),
                mode: "ACCESS SHARE",
                stops: "other changes of structure",
              },
              { relation: above, mode: "SHARE UPDATE EXCLUSIVE", stops: "other changes of structure" },
              { relation: own, mode: "ACCESS EXCLUSIVE", stops: "reads and writes" },
            ] as const)
          : []),
      ],
      scans: null,
      moves: null,
      estimate: inNoTime,
    };
  },
  async look(sql, { table, index, key, parent }) {
    const [row] = await sql<{ key: boolean; attached: boolean }[]>`
      select exists (select from pg_constraint where conindid = c.oid and contype in ('p', 'u')) as key,
             exists (select from pg_inherits join pg_class above on above.oid = inhparent
                     join pg_namespace an on an.oid = above.relnamespace
                     where inhrelid = c.oid and above.relname = ${parent?.index.name ?? ""}
                       and an.nspname = ${parent?.index.schema ?? ""}) as attached
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where n.nspname = ${table.schema} and c.relname = ${index}`;
    if (!row) return "missing";
    return (key === null || row.key) && (parent === null || row.attached) ? "done" : "not done";
  },
});
