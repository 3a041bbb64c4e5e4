import { freeName } from "../free-name.ts";
import { setting } from "./column-statements.ts";
import { copyTraits } from "./copy-traits.ts";
import { indexStatements } from "./index-statements.ts";
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
    ...(copied && model.indexes.length > 0 && { indexes: indexStatements(model, child) }),
    ...(copied && model.persistence === "u" && { unlogged: true }),
    ...(apart && { accessMethod: model.accessMethod }),
    ...(copied && model.storage.length > 0 && { storage: model.storage.map(setting).join(", ") }),
    ...(copied && { partitionBy: model.partitionBy }),
  };
}
