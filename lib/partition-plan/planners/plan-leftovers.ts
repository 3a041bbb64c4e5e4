import type { Sql } from "postgres";
import type { TableName } from "../../audit-db/structural/table-lock.ts";
import { quoteQualified } from "../../quote-sql.ts";
import { findLeftovers } from "../facts/find-leftovers.ts";
import type { Selection } from "../facts/select-relations.ts";
import { dropLeftoverStep } from "../steps/drop-leftover.ts";
import type { Refusal } from "../types.ts";
import { ofTable, type Work } from "./of-table.ts";

const named = ({ schema, name }: TableName) => quoteQualified(schema, name);

/** Invalid copies on the tables, or those that were named. */
export async function planLeftovers(sql: Sql, { leaves, indexes }: Selection): Promise<Work> {
  const named_ = indexes.flatMap(({ table }) => table ?? []);
  const found = await findLeftovers(sql, [...leaves, ...named_]);
  const asked = new Set(indexes.map(({ oid }) => oid));
  const onTables = new Set(leaves.map(named));
  const wanted = found.filter(({ oid, table }) => asked.has(oid) || onTables.has(named(table)));
  const refused = indexes
    .filter(({ oid }) => !found.some((each) => each.oid === oid))
    .map((index): Refusal => {
      const words = `${named(index)} is no leftover: only an invalid index named …_ccnew or …_ccold that keeps no constraint is dropped.`;
      return { object: named(index), outcome: "refused", words };
    });
  const building = await sql<{ pid: number; relid: number }[]>`
    select pid, relid from pg_stat_progress_create_index
    where datname = current_database() and relid in (select indrelid from pg_index where indexrelid in (select value::oid from json_array_elements_text(${JSON.stringify(wanted.map(({ oid }) => oid))}::text::json)))`;
  const [builder] = building;
  if (builder)
    return {
      steps: [],
      refusals: [
        ...refused,
        {
          object: wanted.map(named).join(", "),
          outcome: "blocked",
          words: `Session ${builder.pid} is building an index there: what looks left over may be its own. Wait for its end.`,
        },
      ],
    };
  return {
    steps: wanted.map(({ table, schema, name, oid }) =>
      ofTable(dropLeftoverStep.of({ table, index: { schema, name, oid } }), table),
    ),
    refusals: refused,
    ...(wanted.length > 0 && { irreversible: "A dropped copy is gone. It was invalid: no query used it." }),
  };
}
