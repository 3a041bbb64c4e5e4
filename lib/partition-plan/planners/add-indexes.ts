import type { TableName } from "../../audit-db/structural/table-lock.ts";
import { quoteQualified, suffixName } from "../../quote-sql.ts";
import type { Relation } from "../facts/read-relations.ts";
import type { Index } from "../facts/read-table.ts";
import { adoptIndexStep } from "../steps/adopt-index.ts";
import { buildIndexStep } from "../steps/build-index.ts";
import type { Refusal, StepData } from "../types.ts";

const named = ({ schema, name }: TableName) => quoteQualified(schema, name);
const nameOf = ({ schema, name }: TableName): TableName => ({ schema, name });

/** An invalid copy that rebuilding an index left. */
export const isCopy = ({ name, valid }: Index) => !valid && /_cc(new|old)\d*$/.test(name);

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
