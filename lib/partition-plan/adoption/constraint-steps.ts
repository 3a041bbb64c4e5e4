import { quoteIdentifier } from "../../quote-sql.ts";
import type { Constraint } from "../facts/read-table.ts";
import { implies } from "../facts/split-condition.ts";
import { freeName } from "../free-name.ts";
import { addConstraintStep } from "../steps/add-constraint.ts";
import { setNotNullStep } from "../steps/set-not-null.ts";
import { validateConstraintStep } from "../steps/validate-constraint.ts";
import type { StepData } from "../types.ts";
import { type Adoption, nameOf } from "./adoption.ts";

/** Bounds, the table's own CHECKs and its foreign keys: each added without a look, then validated by itself. */
export function constraintSteps({ child, parent, place }: Adoption): StepData[] {
  const { add, validate } = stepsFor(child);
  const taken = child.constraints.map(({ name }) => name);
  const own = child.constraints.filter(({ type }) => type === "c");
  const notNull = child.columns.filter((column) => column.notNull).map(({ name }) => quoteIdentifier(name));
  const saying = (of: readonly Constraint[]) => implies(conditionsOf(of), place.within, notNull);
  const known = saying(own.filter(({ validated }) => validated));
  const boundSteps = known
    ? []
    : saying(own)
      ? own.filter(({ validated }) => !validated).map(({ name }) => validate(name))
      : add(freeName("bounds", taken), `CHECK ${place.within}`);
  const inherited = parent.constraints.filter(({ type }) => type === "c" || type === "f");
  const others = inherited.flatMap((wanted) => {
    const same = child.constraints.find(
      (each) => each.definition === wanted.definition && (wanted.type === "f" || each.name === wanted.name),
    );
    if (same) return same.validated || !known ? [] : [validate(same.name)];
    return add(wanted.name, wanted.definition, wanted.refersTo);
  });
  return [...boundSteps, ...others];
}

/** Columns that may be null and may not in the table: one CHECK for all of them, validated while rows are written. */
export function notNullSteps({ child, mends }: Adoption): StepData[] {
  const columns = mends.flatMap((mend) => (mend.is === "not null" ? [mend.name] : []));
  if (columns.length === 0) return [];
  const { add, validate } = stepsFor(child);
  const table = nameOf(child);
  const own = child.constraints.filter(({ type }) => type === "c");
  const condition = `(${columns.map((name) => `(${quoteIdentifier(name)} IS NOT NULL)`).join(" AND ")})`;
  const says = (of: readonly Constraint[]) => implies(conditionsOf(of), condition, []);
  const set = (check: string | null) => setNotNullStep.of({ table, columns, check });
  if (says(own.filter(({ validated }) => validated))) return [set(null)];
  const left = own.find((each) => says([each]));
  if (left) return [validate(left.name), set(left.name.startsWith("is_there") ? left.name : null)];
  const name = freeName(
    "is_there",
    child.constraints.map((each) => each.name),
  );
  return [...add(name, `CHECK ${condition}`), set(name)];
}

const conditionsOf = (of: readonly Constraint[]) => of.flatMap(({ condition }) => condition ?? []);

function stepsFor(child: Adoption["child"]) {
  const table = nameOf(child);
  const validate = (name: string) => validateConstraintStep.of({ table, name, rows: child.rows });
  const add = (name: string, definition: string, refersTo: string | null = null) => [
    addConstraintStep.of({ table, name, definition, refersTo }),
    validate(name),
  ];
  return { add, validate };
}
