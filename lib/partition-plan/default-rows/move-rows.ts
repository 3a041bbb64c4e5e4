import type { TableName } from "../../audit-db/structural/table-lock.ts";
import { quoteQualified } from "../../quote-sql.ts";
import { createStatements, type NewTable } from "../likeness/new-table.ts";
import { copyDefaultRowsStep } from "../steps/copy-default-rows.ts";
import type { CreatePartition } from "../steps/create-partition.ts";
import { makeStandAloneStep } from "../steps/make-stand-alone.ts";
import { moveDefaultRowsStep } from "../steps/move-default-rows.ts";
import { removeCopiesStep } from "../steps/remove-copies.ts";
import type { StepData } from "../types.ts";
import { whyNotCopied } from "./judge-default.ts";
import type { Repair } from "./repair.ts";
import { scanMs } from "./scan-ms.ts";

/** A chain of steps for each partition that rows move into; what an interrupted move left is gone on with, or removed. */
export function moveRows(
  repair: Repair,
  copies: readonly TableName[],
): { steps: StepData[]; notes: string[] } {
  const { request, facts, branch, counts } = repair;
  const why = whyNotCopied(facts, request.rowsNeverChange);
  const isLeft = ({ schema, name }: TableName) =>
    copies.some((copy) => copy.schema === schema && copy.name === name);
  const wanted = (copy: TableName) =>
    branch.tables.some(({ child }) => child.schema === copy.schema && child.name === copy.name);
  const remove = (child: TableName) => removeCopies(repair, child);
  const steps = copies.filter((copy) => !wanted(copy)).map(remove);
  for (const [i, table] of branch.tables.entries()) {
    const piece = counts.pieces[i];
    if (!piece) continue;
    if (why !== null && isLeft(table.child)) steps.push(remove(table.child));
    steps.push(...chainOf(repair, table, piece, why === null));
  }
  const gone = copies.filter((copy) => why !== null || !wanted(copy)).map(nameOf);
  const goneOn = copies.filter((copy) => why === null && wanted(copy)).map(nameOf);
  return {
    steps,
    notes: [
      why === null
        ? "Rows are copied beforehand in transactions of their own: a person confirmed that nothing changes them."
        : `The rows of a partition move in one transaction, because ${why}.`,
      "A REPEATABLE READ or SERIALIZABLE transaction that begins while rows move may miss them until it ends. Older ones are awaited.",
      "An UPDATE or DELETE of a row that moves waits for it, and then finds no row.",
      ...(goneOn.length > 0
        ? [`An interrupted move left copies in ${goneOn.join(", ")}: it goes on from there.`]
        : []),
      ...(gone.length > 0
        ? [
            `An interrupted move left copies in ${gone.join(", ")}: removed, once each row is found in the default.`,
          ]
        : []),
    ],
  };
}

/** As data: copies that an interrupted move left go, once they were compared. */
export function removeCopies({ parent, fallback, facts }: Repair, child: TableName): StepData {
  const names = namesOf({ parent, default: fallback });
  return {
    ...removeCopiesStep.of({ ...names, child: only(child), columns: facts.columns }),
    group: child.name,
  };
}

function chainOf(
  repair: Repair,
  table: CreatePartition,
  { condition, rows }: Repair["counts"]["pieces"][number],
  copied: boolean,
): StepData[] {
  const { parent, fallback, facts, counts } = repair;
  const { child, bounds, after = [] } = table;
  const names = { ...namesOf({ parent, default: fallback }), child, columns: facts.columns, condition };
  const bare = withoutTraits(table);
  const group = child.name;
  const move = moveDefaultRowsStep.of({
    ...names,
    bounds,
    create: copied ? null : createStatements(bare),
    key: copied ? facts.key : null,
    traits: traitsOf(table),
    after,
    rows: counts.more ? null : rows,
    scanned: counts.more ? null : counts.total,
    longestMs: roundedUp(4 * scanMs(mostRows(repair), facts.pages)),
  });
  if (!copied) return [{ ...move, group }];
  return [
    { ...makeStandAloneStep.of({ ...names, create: createStatements(bare) }), group },
    { ...copyDefaultRowsStep.of({ ...names, rows: counts.more ? null : rows }), group },
    { ...move, group },
  ];
}

/** Of a table that was not counted whole: as many on each of its pages as rows without values take. */
const mostRows = ({ counts, facts }: Repair) => (counts.more ? facts.pages * 291 : counts.total);

/** Its triggers are not for rows that were there before it was. */
function withoutTraits(table: NewTable): NewTable {
  return { ...table, traits: [], inner: (table.inner ?? []).map(withoutTraits) };
}

function traitsOf(table: NewTable): string[] {
  return [...(table.inner ?? []).flatMap(traitsOf), ...table.traits];
}

const nameOf = ({ schema, name }: TableName) => quoteQualified(schema, name);
const only = ({ schema, name }: TableName): TableName => ({ schema, name });
const namesOf = (names: { parent: TableName; default: TableName }) => ({
  parent: only(names.parent),
  default: only(names.default),
});

/** To a power of two: a row more or less makes no other plan. */
function roundedUp(ms: number): number {
  return Math.max(2_048, 2 ** Math.ceil(Math.log2(ms)));
}
