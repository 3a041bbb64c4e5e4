import { quoteIdentifier, quoteQualified } from "../../quote-sql.ts";
import { compareColumn } from "./compare-columns.ts";
import type { Difference } from "./difference.ts";
import type { TableFacts } from "./read-adoption.ts";

/** In the order one would mend them. @param child `mayBeTaken` says whether its owner can be changed here */
export function findDifferences(
  child: TableFacts,
  parent: Pick<TableFacts, "owner" | "columns" | "triggers" | "schema" | "name">,
  serverVersion: number,
): Difference[] {
  const on = quoteQualified(child.schema, child.name);
  const alter = (change: string) => `ALTER TABLE ${on} ${change};`;
  const found: Difference[] = [];
  const told = (words: string, mend: Difference["mend"] = null) => found.push({ words, mend });
  if (child.owner !== parent.owner)
    told(
      `${on} belongs to ${child.owner}, the table to ${parent.owner}: ${alter(`OWNER TO ${quoteIdentifier(parent.owner)}`)}`,
      child.mayBeTaken ? { is: "owner", to: parent.owner } : null,
    );
  if (child.inherits)
    told(`${on} inherits from a table, or another from it. Take it out first: ${alter("NO INHERIT …")}`);
  const own = new Map(child.columns.map((column) => [column.name, column]));
  // Of a partitioned table both would look through the partitions below it.
  const plain = child.kind === "r";
  for (const column of parent.columns) {
    const difference = compareColumn(on, alter, column, own.get(column.name));
    if (difference) found.push(plain ? difference : { ...difference, mend: null });
  }
  for (const { name, identity } of child.columns) {
    if (!parent.columns.some((column) => column.name === name))
      told(
        `Column ${quoteIdentifier(name)} of ${on} is not in the table. If nobody needs it: ${alter(`DROP COLUMN ${quoteIdentifier(name)}`)} (its values are lost with it).`,
      );
    else if (identity && serverVersion >= 170_000)
      told(
        `Column ${quoteIdentifier(name)} of ${on} is an identity column, which a partition takes from its table: ${alter(`ALTER COLUMN ${quoteIdentifier(name)} DROP IDENTITY`)}`,
      );
  }
  for (const { name, forEachRow, hasTransitionTable, meaning } of child.triggers) {
    if (forEachRow && hasTransitionTable)
      told(
        `Row trigger ${quoteIdentifier(name)} of ${on} has transition tables, which a partition's may not: DROP TRIGGER ${quoteIdentifier(name)} ON ${on};`,
      );
    const above = parent.triggers.find((trigger) => trigger.forEachRow && trigger.name === name);
    if (above && above.meaning !== meaning)
      told(
        `Trigger ${quoteIdentifier(name)} of ${on} is another one than that of the table: rename it (ALTER TRIGGER ${quoteIdentifier(name)} ON ${on} RENAME TO …;) or drop it.`,
      );
  }
  return found;
}
