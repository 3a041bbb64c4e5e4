import { quoteIdentifier, quoteQualified } from "../../quote-sql.ts";
import type { Refusal } from "../types.ts";
import type { TableModel } from "./read-model.ts";

/** What keeps whoever owns the tree from making a partition like the model, each with the statement that lets them. */
export function findMissingRights(model: TableModel, of: "partition" | "parent", object: string): Refusal[] {
  const maker = quoteIdentifier(model.maker);
  const words: string[] = [];
  if (!model.makerMayCreate)
    words.push(
      `${model.maker} owns the table and may not create tables in schema ${model.schema}. Run: GRANT CREATE ON SCHEMA ${quoteIdentifier(model.schema)} TO ${maker};`,
    );
  if (of === "partition") {
    if (!model.makerMayGive)
      words.push(
        `Its newest partition belongs to ${model.owner}, and ${model.maker}, who owns the table, is no member of that role. Run: GRANT ${quoteIdentifier(model.owner)} TO ${maker};`,
      );
    for (const { name, owner, mayAdd } of model.publications)
      if (!mayAdd)
        words.push(
          `Its newest partition is in the publication ${name} of ${owner}, to which ${model.maker} may add none. Run: GRANT ${quoteIdentifier(owner)} TO ${maker};`,
        );
  }
  return words.map((text) => ({ object, outcome: "blocked", words: text }));
}

/** What comes along with new partitions and is easily missed. */
export function notesOf(model: TableModel, of: "partition" | "parent"): string[] {
  const source = quoteQualified(model.schema, model.name);
  const published = [...new Set([...model.publishedByLeaf, ...model.publications.map(({ name }) => name)])];
  const states = copiedWords(model);
  return [
    of === "parent"
      ? `${source} has no partition to copy from: new ones get its statement triggers, and no grants.`
      : `Like ${source}, the newest${states.length > 0 ? `: ${states.join(", ")}` : ""}.`,
    ...(published.length > 0
      ? [
          `Published by ${published.join(", ")}: create the new tables on subscribers first, or replication to them stops.`,
        ]
      : []),
  ];
}

/** What is copied from it besides what LIKE brings, in words. */
function copiedWords(model: TableModel): string[] {
  const { owner, maker, privileges, initialPrivileges, columns, policies } = model;
  const has: [boolean, string][] = [
    [owner !== maker, `owner ${owner}`],
    [JSON.stringify(privileges) !== JSON.stringify(initialPrivileges), "grants"],
    [model.triggers.length + model.clonedTriggers.length > 0, "triggers"],
    [model.accessMethod !== null, `access method ${model.accessMethod}`],
    [model.persistence === "u", "unlogged"],
    [model.storage.length > 0, "storage parameters"],
    [model.tablespace !== null, `tablespace ${model.tablespace}`],
    [
      columns.some(({ statistics, options }) => statistics !== null || options !== null),
      "statistics targets",
    ],
    [columns.some((column) => column.default !== column.defaultAbove), "column defaults"],
    [model.indexes.length > 0, "indexes of its own"],
    [model.replicaIdentity !== "d", "replica identity"],
    [model.publications.length > 0, "publications"],
    [model.rowSecurity || policies.length > 0, "row security"],
    [model.comment !== null, "comment"],
  ];
  return has.flatMap(([there, words]) => (there ? [words] : []));
}
