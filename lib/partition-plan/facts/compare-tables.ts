import { quoteIdentifier, quoteQualified } from "../../quote-sql.ts";
import type { TableFacts } from "./read-adoption.ts";
import type { Column } from "./read-table.ts";

/** What keeps a table from becoming a partition of another: what is, then what to do. In the order one would mend it. */
export function findDifferences(
  child: TableFacts,
  parent: Pick<TableFacts, "owner" | "columns" | "triggers" | "schema" | "name">,
  serverVersion: number,
): string[] {
  const on = quoteQualified(child.schema, child.name);
  const alter = (change: string) => `ALTER TABLE ${on} ${change};`;
  const found: string[] = [];
  if (child.owner !== parent.owner)
    found.push(
      `${on} belongs to ${child.owner}, the table to ${parent.owner}: ${alter(`OWNER TO ${quoteIdentifier(parent.owner)}`)}`,
    );
  if (child.inherits)
    found.push(
      `${on} inherits from a table, or another from it. Take it out first: ${alter("NO INHERIT …")}`,
    );
  const own = new Map(child.columns.map((column) => [column.name, column]));
  for (const column of parent.columns) found.push(...compareColumn(on, alter, column, own.get(column.name)));
  for (const { name, identity } of child.columns) {
    if (!parent.columns.some((column) => column.name === name))
      found.push(
        `Column ${quoteIdentifier(name)} of ${on} is not in the table. If nobody needs it: ${alter(`DROP COLUMN ${quoteIdentifier(name)}`)} (its values are lost with it).`,
      );
    else if (identity && serverVersion >= 170_000)
      found.push(
        `Column ${quoteIdentifier(name)} of ${on} is an identity column, which a partition takes from its table: ${alter(`ALTER COLUMN ${quoteIdentifier(name)} DROP IDENTITY`)}`,
      );
  }
  for (const { name, forEachRow, hasTransitionTable, meaning } of child.triggers) {
    if (forEachRow && hasTransitionTable)
      found.push(
        `Row trigger ${quoteIdentifier(name)} of ${on} has transition tables, which a partition's may not: DROP TRIGGER ${quoteIdentifier(name)} ON ${on};`,
      );
    const above = parent.triggers.find((trigger) => trigger.forEachRow && trigger.name === name);
    if (above && above.meaning !== meaning)
      found.push(
        `Trigger ${quoteIdentifier(name)} of ${on} is another one than that of the table: rename it (ALTER TRIGGER ${quoteIdentifier(name)} ON ${on} RENAME TO …;) or drop it.`,
      );
  }
  return found;
}

function compareColumn(
  on: string,
  alter: (change: string) => string,
  wanted: Column,
  own: Column | undefined,
): string[] {
  const name = quoteIdentifier(wanted.name);
  if (!own) {
    const collation = wanted.collation === null ? "" : ` COLLATE ${wanted.collation}`;
    return [`${on} lacks column ${name}: ${alter(`ADD COLUMN ${name} ${wanted.type}${collation}`)}`];
  }
  if (own.type !== wanted.type)
    return [
      `Column ${name} of ${on} is ${own.type}, in the table ${wanted.type}. Changing it rewrites the table under a lock: ${alter(`ALTER COLUMN ${name} TYPE ${wanted.type}`)}`,
    ];
  if (own.collation !== wanted.collation)
    return [
      `Column ${name} of ${on} has collation ${own.collation}, in the table ${wanted.collation}: ${alter(`ALTER COLUMN ${name} TYPE ${wanted.type} COLLATE ${wanted.collation}`)}`,
    ];
  if (own.generated !== wanted.generated)
    return [
      `Column ${name} of ${on} is ${own.generated === null ? "not generated" : `generated from ${own.generated}`}, in the table ${wanted.generated === null ? "not" : `from ${wanted.generated}`}. It has to be made anew by hand.`,
    ];
  if (wanted.notNull && !own.notNull) {
    const check = quoteIdentifier("is_there");
    return [
      `Column ${name} of ${on} may be null, in the table it may not. Without a long lock: ${[
        `ADD CONSTRAINT ${check} CHECK (${name} IS NOT NULL) NOT VALID`,
        `VALIDATE CONSTRAINT ${check}`,
        `ALTER COLUMN ${name} SET NOT NULL`,
        `DROP CONSTRAINT ${check}`,
      ]
        .map(alter)
        .join(" ")}`,
    ];
  }
  return [];
}
