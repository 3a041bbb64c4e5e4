import { quoteIdentifier } from "../../quote-sql.ts";
import type { Difference } from "./difference.ts";
import type { Column } from "./read-table.ts";

/** What keeps a column from being the one of the table above; null where nothing does. */
export function compareColumn(
  on: string,
  alter: (change: string) => string,
  wanted: Column,
  own: Column | undefined,
): Difference | null {
  const name = quoteIdentifier(wanted.name);
  const byHand = (words: string): Difference => ({ words, mend: null });
  if (!own) {
    const words = `${on} lacks column ${name}: ${alter(`ADD COLUMN ${columnSql(wanted)}`)}`;
    // Rows that are there would be given a value that nobody wrote.
    const invented = wanted.notNull || wanted.generated !== null || wanted.identity;
    return { words, mend: invented ? null : { is: "column", column: wanted } };
  }
  if (own.type !== wanted.type)
    return byHand(
      `Column ${name} of ${on} is ${own.type}, in the table ${wanted.type}. Changing it rewrites the table under a lock: ${alter(`ALTER COLUMN ${name} TYPE ${wanted.type}`)}`,
    );
  if (own.collation !== wanted.collation)
    return byHand(
      `Column ${name} of ${on} has collation ${own.collation}, in the table ${wanted.collation}: ${alter(`ALTER COLUMN ${name} TYPE ${wanted.type} COLLATE ${wanted.collation}`)}`,
    );
  if (own.generated !== wanted.generated)
    return byHand(
      `Column ${name} of ${on} is ${own.generated === null ? "not generated" : `generated from ${own.generated}`}, in the table ${wanted.generated === null ? "not" : `from ${wanted.generated}`}. It has to be made anew by hand.`,
    );
  if (!wanted.notNull || own.notNull) return null;
  const check = quoteIdentifier("is_there");
  const statements = [
    `ADD CONSTRAINT ${check} CHECK (${name} IS NOT NULL) NOT VALID`,
    `VALIDATE CONSTRAINT ${check}`,
    `ALTER COLUMN ${name} SET NOT NULL`,
    `DROP CONSTRAINT ${check}`,
  ];
  return {
    words: `Column ${name} of ${on} may be null, in the table it may not. Without a long lock: ${statements.map(alter).join(" ")}`,
    mend: { is: "not null", name: wanted.name },
  };
}

/** As ADD COLUMN takes it: without a default, which the table above gives to what comes through it. */
export function columnSql({ name, type, collation }: Pick<Column, "name" | "type" | "collation">): string {
  const own = collation === null || collation === 'pg_catalog."default"' ? "" : ` COLLATE ${collation}`;
  return `${quoteIdentifier(name)} ${type}${own}`;
}
