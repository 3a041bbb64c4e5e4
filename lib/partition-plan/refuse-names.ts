import type { Sql } from "postgres";
import { quoteQualified } from "../quote-sql.ts";
import { bytesOf, longestNameBytes, shortened } from "./cut/name-piece.ts";
import { allChildren, type NewTable, type Relation } from "./likeness/new-table.ts";
import type { BranchPlan } from "./plan-branch.ts";
import type { Refusal } from "./types.ts";

/**
 * Names that the server would cut off, that something else has, or that two new partitions would have: each refused with
 * a pattern that would do.
 */
export async function refuseNames(
  sql: Sql,
  tables: readonly NewTable[],
  plans: readonly BranchPlan[],
): Promise<{ refusals: Refusal[]; refused: Set<string> }> {
  const names = tables.flatMap((table) => allChildren(table).map((child) => ({ table, child })));
  const taken = await findTaken(
    sql,
    names.map(({ child }) => child),
  );
  const seen = new Set<string>();
  const refused = new Set<string>();
  const refusals: Refusal[] = [];
  for (const { table, child } of names) {
    const object = quoteQualified(child.schema, child.name);
    const template =
      plans.find((plan) => plan.tables.includes(table))?.naming?.template ?? "{table}_{yyyy}_{mm}";
    const words = wordsOf(child, template, table.parent.name, {
      taken: taken.has(object),
      twice: seen.has(object),
    });
    seen.add(object);
    if (words === null) continue;
    refused.add(quoteQualified(table.child.schema, table.child.name));
    refusals.push({ object, outcome: "refused", words });
  }
  return { refusals, refused };
}

function wordsOf(
  { name }: Relation,
  template: string,
  table: string,
  { taken, twice }: { taken: boolean; twice: boolean },
): string | null {
  const bytes = bytesOf(name);
  if (bytes > longestNameBytes)
    return `The name has ${bytes} bytes, and PostgreSQL keeps ${longestNameBytes}. Name partitions by another pattern, e.g. ${shortened(template, table, bytes - longestNameBytes)}.`;
  if (twice)
    return `Two new partitions would have this name. Name them by more of their bounds, e.g. {table}_{yyyy}_{mm}_{dd}.`;
  return taken
    ? `Something else has this name. If it is a partition that was detached, attach it; else name new ones by another pattern, e.g. ${template}_b.`
    : null;
}

/** Tables, indexes and the like, and types: a table makes a type of its own name. */
async function findTaken(sql: Sql, names: readonly Relation[]): Promise<Set<string>> {
  if (names.length === 0) return new Set();
  const rows = await sql<Relation[]>`
    select distinct wanted.schema, wanted.name
    from json_to_recordset(${JSON.stringify(names)}::text::json) as wanted (schema text, name text)
    join pg_namespace n on n.nspname = wanted.schema
    where exists (select from pg_class c where c.relnamespace = n.oid and c.relname = wanted.name)
       or exists (select from pg_type t where t.typnamespace = n.oid and t.typname = wanted.name and t.typelem = 0)`;
  return new Set(rows.map(({ schema, name }) => quoteQualified(schema, name)));
}
