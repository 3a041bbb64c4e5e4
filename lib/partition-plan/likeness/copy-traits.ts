import { quoteIdentifier, quoteQualified, quoteText } from "../../quote-sql.ts";
import { columnStatements } from "./column-statements.ts";
import { identityStatements } from "./identity-statements.ts";
import { policyStatements } from "./policy-statements.ts";
import { privilegeStatements } from "./privilege-statements.ts";
import { publicationStatements } from "./publication-statements.ts";
import type { TableModel } from "./read-model.ts";
import { retargetTrigger } from "./retarget-trigger.ts";

export interface Traits {
  /** Between CREATE and ATTACH. */
  before: string[];
  /** Behind ATTACH: what it has only as a partition. */
  after: string[];
}

const onlyStates = { O: "ENABLE", D: "DISABLE", R: "ENABLE REPLICA", A: "ENABLE ALWAYS" } as const;

/**
 * What `LIKE … INCLUDING ALL` does not bring, as statements that give a new table what its model has: comments, defaults,
 * statistics, privileges, triggers and their states, row security, publications, replica identity, owner.
 * @param of a partition, or the parent where it has none: of that only the triggers that are not cloned to partitions
 */
export function copyTraits(
  model: TableModel,
  of: "partition" | "parent",
  child: { schema: string; name: string },
): Traits {
  const table = quoteQualified(child.schema, child.name);
  const own = model.triggers.filter(
    ({ definition }) => of === "partition" || / FOR EACH STATEMENT /.test(definition),
  );
  const triggers = own.flatMap(({ name, definition, enabled, comment }) => [
    retargetTrigger(definition, model, table),
    ...(enabled === "O"
      ? []
      : [`ALTER TABLE ${table} ${onlyStates[enabled]} TRIGGER ${quoteIdentifier(name)}`]),
    ...(comment === null
      ? []
      : [`COMMENT ON TRIGGER ${quoteIdentifier(name)} ON ${table} IS ${quoteText(comment)}`]),
  ]);
  const states = model.clonedTriggers.map(
    ({ name, enabled }) => `${onlyStates[enabled]} TRIGGER ${quoteIdentifier(name)}`,
  );
  const cloned = states.length > 0 ? [`ALTER TABLE ${table} ${states.join(", ")}`] : [];
  if (of === "parent") return { before: triggers, after: alwaysAbove(model, table) };
  return {
    before: [
      ...columnStatements(model, table),
      ...(model.comment === null ? [] : [`COMMENT ON TABLE ${table} IS ${quoteText(model.comment)}`]),
      ...triggers,
      ...policyStatements(model, table, child.name),
      ...privilegeStatements(model, table),
      ...publicationStatements(model, table),
      ...(model.owner === model.maker
        ? []
        : [`ALTER TABLE ${table} OWNER TO ${quoteIdentifier(model.owner)}`]),
    ],
    after: [...cloned, ...identityStatements(model, table)],
  };
}

/** The parent's row triggers are cloned, and stay on always where they are so there. */
function alwaysAbove(model: TableModel, table: string): string[] {
  const states = model.triggers
    .filter(({ definition, enabled }) => enabled !== "O" && / FOR EACH ROW /.test(definition))
    .map(({ name, enabled }) => `${onlyStates[enabled]} TRIGGER ${quoteIdentifier(name)}`);
  const cloned = model.clonedTriggers.map(
    ({ name, enabled }) => `${onlyStates[enabled]} TRIGGER ${quoteIdentifier(name)}`,
  );
  const all = [...states, ...cloned];
  return all.length > 0 ? [`ALTER TABLE ${table} ${all.join(", ")}`] : [];
}
