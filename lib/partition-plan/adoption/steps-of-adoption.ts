import { isNative, setFiring, statementGuard } from "../facts/read-triggers.ts";
import { addIndexes } from "../planners/add-indexes.ts";
import { attachPartitionStep } from "../steps/attach-partition.ts";
import { mendTableStep } from "../steps/mend-table.ts";
import { restoreTriggersStep } from "../steps/restore-triggers.ts";
import type { Refusal, StepData } from "../types.ts";
import { type Adoption, named, nameOf } from "./adoption.ts";
import { constraintSteps, notNullSteps } from "./constraint-steps.ts";
import type { SparedDefault } from "./spare-default.ts";

/** What takes time first, while the table is read and written; ATTACH scans nothing of it then. */
export function stepsOfAdoption(
  adoption: Adoption,
  spared: SparedDefault,
): { steps: StepData[]; refusals: Refusal[] } {
  const { child, parent, cut } = adoption;
  const indexes =
    child.kind === "r" ? addIndexes(child, child.indexes, parent.indexes, null) : { steps: [], refusals: [] };
  return {
    refusals: indexes.refusals,
    steps: [
      ...mendSteps(adoption),
      ...constraintSteps(adoption),
      ...notNullSteps(adoption),
      ...indexes.steps,
      ...guardSteps(adoption),
      ...spared.steps,
      attachStep(adoption, cut.default && spared.check),
    ],
  };
}

/** Its owner and the columns that it lacks. */
function mendSteps({ child, mends }: Adoption): StepData[] {
  const owner = mends.find((mend) => mend.is === "owner")?.to ?? null;
  const columns = mends.flatMap((mend) => (mend.is === "column" ? [mend.column] : []));
  if (owner === null && columns.length === 0) return [];
  const lacking = columns.map(({ name, type, collation }) => ({ name, type, collation }));
  return [mendTableStep.of({ table: nameOf(child), owner, columns: lacking })];
}

function guardSteps({ child, cut }: Adoption): StepData[] {
  const table = nameOf(child);
  const guard = statementGuard(table);
  const lacks = isNative(cut.root) && !child.triggers.some(({ name }) => name === guard.name);
  return lacks ? [restoreTriggersStep.of({ table, triggers: [guard] })] : [];
}

function attachStep({ child, parent, cut, place }: Adoption, check: string | null): StepData {
  const replaces = child.triggers.filter(
    (own) => own.forEachRow && parent.triggers.some((above) => above.forEachRow && above.name === own.name),
  );
  const fires = parent.triggers.filter(({ forEachRow, enabled }) => forEachRow && enabled !== "O");
  return attachPartitionStep.of({
    parent: nameOf(parent),
    child: nameOf(child),
    bounds: place.bounds,
    replaces: replaces.map(({ name }) => name),
    firing: fires.map((trigger) => setFiring(named(child), trigger)),
    refersTo: parent.constraints.flatMap(({ type, refersTo }) =>
      type === "f" && refersTo ? [refersTo] : [],
    ),
    defaultRows:
      cut.default && check === null ? { relation: named(cut.default), rows: cut.default.rows } : null,
    ...(cut.default && check !== null && { spared: { table: nameOf(cut.default), check } }),
  });
}
