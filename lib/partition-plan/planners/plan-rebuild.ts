import type { Sql } from "postgres";
import type { TableName } from "../../audit-db/structural/table-lock.ts";
import { quoteQualified } from "../../quote-sql.ts";
import { counted } from "../../words.ts";
import { readIndexes } from "../facts/read-table.ts";
import type { Selection } from "../facts/select-relations.ts";
import { rebuildIndexesStep } from "../steps/rebuild-indexes.ts";
import { isCopy } from "./add-indexes.ts";
import { ofTable, type Work } from "./of-table.ts";

const named = ({ schema, name }: TableName) => quoteQualified(schema, name);
const nameOf = ({ schema, name }: TableName): TableName => ({ schema, name });

/** Every index of the tables, or those that were named. */
export async function planRebuild(sql: Sql, { leaves, indexes }: Selection): Promise<Work> {
  const tables = new Map(leaves.map((table) => [table.oid, table]));
  const ofTables = (await readIndexes(sql, [...tables.keys()])).filter(
    ({ constraint }) => constraint !== "x",
  );
  const wanted = new Map(ofTables.filter((index) => !isCopy(index)).map((index) => [index.oid, index]));
  const byTable = new Map<
    string,
    { table: TableName; rows: number | null; indexes: (TableName & { oid: number })[] }
  >();
  const add = (table: TableName, rows: number | null, { schema, name, oid }: TableName & { oid: number }) => {
    const entry = byTable.get(named(table)) ?? { table: nameOf(table), rows, indexes: [] };
    byTable.set(named(table), entry);
    if (!entry.indexes.some((each) => each.oid === oid)) entry.indexes.push({ schema, name, oid });
  };
  for (const index of wanted.values()) {
    const table = tables.get(index.table);
    if (table) add(table, table.rows, index);
  }
  for (const index of indexes) if (index.table) add(index.table, null, index);
  const copies = ofTables.filter(isCopy);
  return {
    steps: [...byTable.values()].map((each) => ofTable(rebuildIndexesStep.of(each), each.table)),
    notes: [
      "Broken off, it leaves an invalid copy (…_ccnew) that every write keeps: the next run drops it and goes on.",
      ...(copies.length > 0
        ? [
            `${counted(copies.length, "invalid copy", "invalid copies")} of earlier attempts stay: ask to drop leftovers.`,
          ]
        : []),
    ],
  };
}
