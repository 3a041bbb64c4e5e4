import type { Sql } from "postgres";
import type { TableName } from "../../audit-db/structural/table-lock.ts";
import { quoteIdentifier, quoteQualified } from "../../quote-sql.ts";
import { readIndexes } from "../facts/read-table.ts";
import type { Selection } from "../facts/select-relations.ts";
import type { Refusal, StepData } from "../types.ts";
import { addIndexes } from "./add-indexes.ts";
import { ofTable, type Work } from "./of-table.ts";

const named = ({ schema, name }: TableName) => quoteQualified(schema, name);

/** What the parents' indexes lack on the partitions. @param index one of them; every one when left out */
export async function planMissingIndexes(
  sql: Sql,
  { leaves }: Selection,
  index: string | undefined,
): Promise<Work> {
  const pairs = await sql<{ leaf: number; parent: number; schema: string; name: string }[]>`
    select i.inhrelid as leaf, i.inhparent as parent, n.nspname as schema, c.relname as name
    from pg_inherits i join pg_class c on c.oid = i.inhparent join pg_namespace n on n.oid = c.relnamespace
    where i.inhrelid in (select value::oid from json_array_elements_text(${JSON.stringify(leaves.map(({ oid }) => oid))}::text::json))`;
  const above = await readIndexes(sql, [...new Set(pairs.map(({ parent }) => parent))]);
  const own = Map.groupBy(
    await readIndexes(
      sql,
      leaves.map(({ oid }) => oid),
    ),
    ({ table }) => table,
  );
  const byName =
    index === undefined
      ? null
      : await sql<{ oid: number }[]>`
    with recursive parts as (
      select oid from pg_class where relname = ${index} and relkind = 'I'
      union all
      select i.inhrelid from parts join pg_inherits i on i.inhparent = parts.oid
    )
    select oid from parts`;
  const meant = byName && new Set(byName.map(({ oid }) => oid));
  const work = { steps: [] as StepData[], refusals: [] as Refusal[] };
  for (const leaf of leaves) {
    const parent = pairs.find((pair) => pair.leaf === leaf.oid);
    if (!parent) {
      const words = `${named(leaf)} is no partition: there is no parent's index that it lacks.`;
      work.refusals.push({ object: named(leaf), outcome: "refused", words });
      continue;
    }
    const wanted = above.filter(
      ({ oid, table }) => table === parent.parent && (meant === null || meant.has(oid)),
    );
    if (wanted.length === 0 && index !== undefined) work.refusals.push(lacksAbove(parent, index));
    const added = addIndexes(leaf, own.get(leaf.oid) ?? [], wanted, parent);
    work.steps.push(...added.steps.map((step) => ofTable(step, leaf)));
    work.refusals.push(...added.refusals);
  }
  return { ...work, notes: ["The parent's index turns valid by itself once every partition has its part."] };
}

function lacksAbove(parent: TableName, index: string): Refusal {
  const words = `${named(parent)} has no part of an index ${quoteIdentifier(index)}. Create it there first: CREATE INDEX … ON ONLY ${named(parent)} …; then ALTER INDEX … ATTACH PARTITION it to the one above.`;
  return { object: named(parent), outcome: "blocked", words };
}
