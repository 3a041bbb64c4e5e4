import type { Sql } from "postgres";
import type { TableName } from "../../audit-db/structural/table-lock.ts";
import { quoteIdentifier, quoteQualified, suffixName } from "../../quote-sql.ts";
import { counted } from "../../words.ts";
import { findLeftovers } from "../facts/find-leftovers.ts";
import type { Relation } from "../facts/read-relations.ts";
import { type Index, readIndexes } from "../facts/read-table.ts";
import type { Selection } from "../facts/select-relations.ts";
import { adoptIndexStep } from "../steps/adopt-index.ts";
import { buildIndexStep } from "../steps/build-index.ts";
import { dropLeftoverStep } from "../steps/drop-leftover.ts";
import { rebuildIndexesStep } from "../steps/rebuild-indexes.ts";
import type { Refusal, StepData } from "../types.ts";
import { ofTable, type Work } from "./of-table.ts";

const named = ({ schema, name }: TableName) => quoteQualified(schema, name);
const nameOf = ({ schema, name }: TableName): TableName => ({ schema, name });
const isCopy = ({ name, valid }: Index) => !valid && /_cc(new|old)\d*$/.test(name);

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

/**
 * Steps that give a table the indexes of its parent, each built beforehand while it is written.
 * @param parent null where the table is attached afterwards, and its indexes with it
 */
export function addIndexes(
  table: Pick<Relation, "schema" | "name" | "rows">,
  own: readonly Index[],
  wanted: readonly Index[],
  parent: TableName | null,
): { steps: StepData[]; refusals: Refusal[] } {
  const steps: StepData[] = [];
  const refusals: Refusal[] = [];
  const taken = new Set(own.map(({ name }) => name));
  const used = new Set<number>();
  for (const above of wanted) {
    if (own.some(({ attachedTo }) => attachedTo === above.oid)) continue;
    if (above.constraint === "x") {
      const words = `${named(above)} keeps an exclusion constraint, which cannot be built CONCURRENTLY. Add it to ${named(table)} by hand at a quiet time.`;
      refusals.push({ object: named(table), outcome: "refused", words });
      continue;
    }
    const key = above.constraint === "p" ? "PRIMARY KEY" : above.constraint === "u" ? "UNIQUE" : null;
    const equal = own.find(
      (each) =>
        each.valid &&
        each.attachedTo === null &&
        !used.has(each.oid) &&
        isEqual(each, above) &&
        (key === null || each.constraint === null || each.constraint === above.constraint),
    );
    if (equal) used.add(equal.oid);
    const broken = own.find((each) => !each.valid && isEqual(each, above) && !isCopy(each));
    const name = equal?.name ?? broken?.name ?? freeIndexName(table.name, above, taken);
    taken.add(name);
    const of = nameOf(table);
    if (!equal)
      steps.push(
        buildIndexStep.of({
          ...{ table: of, name, unique: above.unique, rows: table.rows },
          definition: `USING ${above.meaning}`,
        }),
      );
    const becomes = key !== null && (equal?.constraint ?? null) === null ? key : null;
    if (becomes || parent)
      steps.push(
        adoptIndexStep.of({
          ...{ table: of, index: name, key: becomes },
          parent: parent && { index: nameOf(above), table: nameOf(parent) },
        }),
      );
  }
  return { steps, refusals };
}

const isEqual = (a: Index, b: Index) => a.unique === b.unique && a.meaning === b.meaning;

/** The table's name and what the parent's index is called behind its own table's, as PostgreSQL would name it. */
function freeIndexName(table: string, above: Index, taken: ReadonlySet<string>): string {
  const columns =
    above.meaning
      .match(/\(([^()]*)/)?.[1]
      ?.match(/\w+/g)
      ?.join("_") ?? "part";
  const kind = above.constraint === "p" ? "pkey" : above.unique ? "key" : "idx";
  const end = above.constraint === "p" ? "_pkey" : `_${columns}_${kind}`.slice(0, 40);
  for (let number = 0; ; number++) {
    const name = suffixName(table, number === 0 ? end : `${end}${number}`);
    if (!taken.has(name)) return name;
  }
}
