import type { PartitionNode } from "../../partition-facts/get-nodes.ts";
import { nameRelation } from "../../quote-sql.ts";
import type { Trees } from "../tree.ts";
import type { DefaultFacts } from "./read-facts.ts";

/** Why a default partition can be repaired in neither way; null where it can. */
export function whyNotRepaired(trees: Trees, fallback: PartitionNode, facts: DefaultFacts): string | null {
  const foreign = foreignBelow(trees, fallback);
  if (foreign)
    return `${nameRelation(foreign)} is a foreign table: its rows lie on another server, which this console does not change.`;
  if (facts.referring.length > 0)
    return `${facts.referring.join(", ")} refers to it by a foreign key: deleting rows here would delete or stop on rows there, and a partition with such rows cannot be detached. Drop the foreign key first, and add it again afterwards.`;
  if (facts.forcedSecurity)
    return "Row-level security is forced on its owner: rows that a policy hides would be neither counted nor moved. Run ALTER TABLE … NO FORCE ROW LEVEL SECURITY first.";
  return null;
}

/** Why rows cannot be deleted from it and inserted elsewhere. */
export function whyNotMoved(facts: DefaultFacts): string | null {
  const { publications, onDelete, otherwiseGenerated } = facts;
  if (publications.length > 0)
    return `It is published (${publications.map(({ name }) => name).join(", ")}): subscribers would see the rows deleted and never inserted. Take the table out of the publication first, and copy what moved to the subscribers yourself.`;
  if (onDelete.length > 0)
    return `A DELETE sets off ${onDelete.join(", ")}, which would take the move for a loss. Disable it first, or move the rows yourself.`;
  if (otherwiseGenerated.length > 0)
    return `Its generated column ${otherwiseGenerated.join(", ")} has another expression than the table above: its values would change.`;
  return null;
}

/** Why rows cannot be copied beforehand, so that one transaction moves them; null where they can. */
export function whyNotCopied(facts: DefaultFacts, rowsNeverChange: boolean): string | null {
  if (facts.changers.length > 0) return `${facts.changers.join(", ")} may update or delete rows`;
  if (facts.key === null) return "it has no unique key without NULLs to tell rows by";
  if (!facts.heap) return "it has partitions of its own, or no heap pages";
  return rowsNeverChange ? null : "nobody confirmed that rows never change (rowsNeverChange)";
}

function foreignBelow(trees: Trees, node: PartitionNode): PartitionNode | undefined {
  if (node.kind === "f") return node;
  for (const child of trees.children(node.oid)) {
    const found = foreignBelow(trees, child);
    if (found) return found;
  }
  return undefined;
}
