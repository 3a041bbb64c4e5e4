import type { Sql } from "postgres";
import type { TableName } from "../../audit-db/structural/table-lock.ts";
import { nameRelation, quoteQualified } from "../../quote-sql.ts";
import type { Refusal } from "../types.ts";
import { type Relation, readBelow, readRelations } from "./read-relations.ts";

export interface Selection {
  /** The root that all of them belong to. */
  table: TableName;
  /** As they were asked for, those of this tree. */
  asked: Relation[];
  /** Tables with rows of their own, at or below what was asked for; each once. */
  leaves: Relation[];
  /** Partitioned ones at or below what was asked for. */
  parents: Relation[];
  /** Indexes with pages of their own, at or below what was asked for. */
  indexes: Relation[];
  refusals: Refusal[];
}

const named = ({ schema, name }: TableName) => quoteQualified(schema, name);

/** What was asked for, down to what can be worked on; what cannot is told one by one. */
export async function selectRelations(sql: Sql, names: readonly TableName[]): Promise<Selection> {
  const found = (await readRelations(sql, names)).toSorted((a, b) => a.asked - b.asked);
  const known = new Set(found.map(named));
  const missing = names.filter((name) => !known.has(named(name)));
  const table = found[0]?.root ?? names[0] ?? { schema: "", name: "" };
  const [asked, strangers] = [
    found.filter(({ root }) => named(root) === named(table)),
    found.filter(({ root }) => named(root) !== named(table)),
  ];
  const partitioned = asked.filter(({ kind }) => kind === "p" || kind === "I");
  const below =
    partitioned.length > 0
      ? await readBelow(
          sql,
          partitioned.map(({ oid }) => oid),
        )
      : [];
  const all = [...new Map([...asked, ...below].map((each) => [each.oid, each])).values()];
  const of = (kind: string) => all.filter((each) => each.kind === kind);
  const foreign = of("f");
  const others = all.filter(({ kind }) => !"rpfiI".includes(kind));
  const refuse = (each: TableName, outcome: Refusal["outcome"], words: string): Refusal => ({
    ...{ object: named(each), outcome, words },
  });
  return {
    ...{ table, asked },
    leaves: of("r").toSorted(byName),
    parents: of("p"),
    indexes: of("i").toSorted(byName),
    refusals: [
      ...missing.map((each) => refuse(each, "missing", `There is no relation ${named(each)} any more.`)),
      ...strangers.map((each) =>
        refuse(each, "refused", `${named(each)} belongs to ${nameRelation(each.root)}: plan it by itself.`),
      ),
      ...foreign.map((each) =>
        refuse(each, "refused", `${named(each)} is a foreign table: its own server sees to it.`),
      ),
      ...others.map((each) => refuse(each, "refused", `${named(each)} is neither a table nor an index.`)),
    ],
  };
}

const byName = (a: TableName, b: TableName) => (named(a) < named(b) ? -1 : 1);
