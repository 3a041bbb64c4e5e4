import { quoteIdentifier, quoteQualified } from "../../quote-sql.ts";

export interface Relation {
  schema: string;
  name: string;
}

/** A table that is to be a partition, with those below it. JSON. */
export interface NewTable {
  /** The table it is made like, and attached to. */
  parent: Relation;
  child: Relation;
  /** The bounds as ATTACH takes them: `FROM ('2026-01-01 00:00:00+00') TO (…)`. */
  bounds: string;
  /** The same as a condition, so that attaching it scans nothing; null where the key allows none. */
  check: string | null;
  /** What `LIKE … INCLUDING ALL` does not bring, copied from the newest sibling: whole statements on the child. */
  traits: string[];
  tablespace: string | null;
  /** What makes the indexes that its model has besides the parent's: while it is empty. */
  indexes?: string[];
  /** Of the CHECK; default `bounds`. */
  checkName?: string;
  unlogged?: boolean;
  accessMethod?: string | null;
  /** As in WITH (…). */
  storage?: string | null;
  /** `LIST (region)`, where it has partitions of its own. */
  partitionBy?: string | null;
  /** Those: made and attached before it is, so that it is whole from its first moment. */
  inner?: NewTable[];
  /** Statements behind ATTACH. */
  after?: string[];
}

/** What makes the table, with its CHECK and traits and the partitions below it; it stands alone then. */
export function createStatements(table: NewTable): string[] {
  const { parent, child, check, traits, tablespace, unlogged, accessMethod, storage, partitionBy, inner } =
    table;
  const name = quoteQualified(child.schema, child.name);
  const constraint =
    check === null ? "" : `, CONSTRAINT ${quoteIdentifier(table.checkName ?? "bounds")} CHECK (${check})`;
  const parts = [
    `CREATE ${unlogged ? "UNLOGGED " : ""}TABLE ${name} (LIKE ${quoteQualified(parent.schema, parent.name)} INCLUDING ALL EXCLUDING IDENTITY${constraint})`,
    ...(partitionBy ? [`PARTITION BY ${partitionBy}`] : []),
    ...(accessMethod ? [`USING ${quoteIdentifier(accessMethod)}`] : []),
    ...(storage ? [`WITH (${storage})`] : []),
    ...(tablespace === null ? [] : [`TABLESPACE ${quoteIdentifier(tablespace)}`]),
  ];
  return [parts.join(" "), ...(table.indexes ?? []), ...traits, ...(inner ?? []).flatMap(allStatements)];
}

function attachStatements({ parent, child, bounds, after }: NewTable): string[] {
  const branch = quoteQualified(parent.schema, parent.name);
  // A default partition has no FOR VALUES.
  const values = bounds === "DEFAULT" ? bounds : `FOR VALUES ${bounds}`;
  return [
    `ALTER TABLE ${branch} ATTACH PARTITION ${quoteQualified(child.schema, child.name)} ${values}`,
    ...(after ?? []),
  ];
}

export function allStatements(table: NewTable): string[] {
  return [...createStatements(table), ...attachStatements(table)];
}

/** Every table that it makes, the outermost first. */
export function allChildren({ child, inner }: NewTable): Relation[] {
  return [child, ...(inner ?? []).flatMap(allChildren)];
}
