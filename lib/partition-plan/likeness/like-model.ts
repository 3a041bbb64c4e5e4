import { copyTraits, setting } from "./copy-traits.ts";
import type { NewTable, Relation } from "./new-table.ts";
import type { TableModel } from "./read-model.ts";

/** What a new table has of its model; of a parent's only what every partition of it should have. */
export function likeModel(
  model: TableModel,
  of: "partition" | "parent",
  child: Relation,
): Omit<NewTable, "parent" | "bounds" | "check"> {
  const traits = copyTraits(model, of, child);
  const copied = of === "partition";
  const apart = copied && model.partitionBy === null;
  return {
    child,
    traits: traits.before,
    after: traits.after,
    tablespace: model.tablespace,
    checkName: freeName("bounds", model.checkNames),
    ...(copied && model.persistence === "u" && { unlogged: true }),
    ...(apart && { accessMethod: model.accessMethod }),
    ...(copied && model.storage.length > 0 && { storage: model.storage.map(setting).join(", ") }),
    ...(copied && { partitionBy: model.partitionBy }),
  };
}

function freeName(name: string, taken: readonly string[]): string {
  for (let n = 1; ; n++) {
    const candidate = n === 1 ? name : `${name}_${n}`;
    if (!taken.includes(candidate)) return candidate;
  }
}
