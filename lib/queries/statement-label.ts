/** What a statement is called: kept in the history, because the server forgets entries. */
export interface StatementLabel {
  /** Passwords and the like redacted, at most 20,000 characters. */
  query: string;
  user: string | null;
  database: string | null;
  /** The console's own: our role *and* our tag; a tag alone would let anybody hide. */
  own: boolean;
}

/** A label as the history gives it back; null when it is not one of ours. */
export function asStatementLabel(label: unknown): StatementLabel | null {
  if (typeof label !== "object" || label === null || !("query" in label)) return null;
  const { query, user, database, own } = label as Partial<StatementLabel>;
  if (typeof query !== "string") return null;
  return { query, user: user ?? null, database: database ?? null, own: own === true };
}
