import type { Sql } from "postgres";
import type { TableName } from "../../audit-db/structural/table-lock.ts";
import { quoteQualified } from "../../quote-sql.ts";
import { defineStep, type StepContext } from "../define-step.ts";
import { findLeftovers } from "../facts/find-leftovers.ts";
import { knock } from "./knock.ts";
import { runAlone } from "./run-alone.ts";

export interface RebuildIndexes {
  table: TableName;
  /** With the oids that they had when it was planned: one that was rebuilt has another. */
  indexes: (TableName & { oid: number })[];
  rows: number | null;
}

/** Rebuilds a table's indexes, one after the other, while it is written. */
export const rebuildIndexesStep = defineStep<RebuildIndexes>({
  kind: "rebuildIndexes",
  alone: true,
  plan({ table, indexes, rows }) {
    const on = quoteQualified(table.schema, table.name);
    const [one, more] = indexes;
    const what = one && !more ? `index ${quoteQualified(one.schema, one.name)}` : `the indexes of ${on}`;
    return {
      words: `Rebuild ${what}`,
      sql: indexes.map(statementOf),
      locks: [{ relation: on, mode: "SHARE UPDATE EXCLUSIVE", stops: "other changes of structure" }],
      scans: { relation: on, rows },
      moves: null,
      reads: {
        of: indexes.flatMap(({ schema, name }) => [on, quoteQualified(schema, name)]),
        inOrder: "and more",
      },
    };
  },
  async look(sql, { indexes }) {
    const left = await notRebuilt(sql, indexes);
    return left === null ? "missing" : left.length > 0 ? "not done" : "done";
  },
  async run(context, { table, indexes }) {
    await knock(context, table);
    const left = (await notRebuilt(context.session.sql, indexes)) ?? [];
    for (const index of left) {
      await dropBroken(context, table, index);
      await runAlone(context, statementOf(index), { left: leftWords(index) });
    }
  },
});

const statementOf = ({ schema, name }: TableName) =>
  `REINDEX INDEX CONCURRENTLY ${quoteQualified(schema, name)}`;

function leftWords({ schema, name }: TableName): string {
  const copy = (end: string) => quoteQualified(schema, `${name}${end}`);
  return `An invalid copy (${copy("_ccnew")} or ${copy("_ccold")}) may be left: the next run drops it and goes on, or ask to drop leftovers.`;
}

/** Those that still have their old oid; null when none of them is there any more. */
async function notRebuilt(
  sql: Sql,
  indexes: RebuildIndexes["indexes"],
): Promise<RebuildIndexes["indexes"] | null> {
  const there = await sql<{ schema: string; name: string; oid: number }[]>`
    select n.nspname as schema, c.relname as name, c.oid from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where (n.nspname, c.relname) in (
      select * from json_to_recordset(${JSON.stringify(indexes)}::text::json) as a (schema text, name text))`;
  if (there.length === 0) return null;
  return indexes.filter(({ oid }) => there.some((each) => each.oid === oid));
}

/** What an attempt of this index left that was broken off: a copy that is no use, and is kept by every write. */
async function dropBroken(context: StepContext, table: TableName, index: TableName): Promise<void> {
  for (const left of await findLeftovers(context.session.sql, [table])) {
    if (left.schema !== index.schema || left.of !== index.name) continue;
    context.log(
      `Drops ${quoteQualified(left.schema, left.name)}, which an attempt that was broken off left.`,
    );
    await runAlone(context, `DROP INDEX CONCURRENTLY ${quoteQualified(left.schema, left.name)}`, {
      left: leftWords(index),
    });
  }
}
