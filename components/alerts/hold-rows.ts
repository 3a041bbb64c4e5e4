/** A row as it is shown: `gone` while it stands in its place though the list has it no more. */
export interface HeldRow<Row> {
  row: Row;
  gone: boolean;
}

export interface HeldRows<Row> {
  rows: readonly HeldRow<Row>[];
  /** How many came meanwhile and wait to be shown. */
  waiting: number;
}

/**
 * What is shown while somebody points at the list or works in it: the same rows in the same places, with their newest
 * figures. Who came meanwhile waits, who left stays as it was last seen, so that nothing moves under a pointer.
 * @param shown what stood there until now
 * @param next the newest answer
 */
export function holdRows<Row extends { id: string }>(
  shown: readonly HeldRow<Row>[],
  next: readonly Row[],
): HeldRows<Row> {
  const newest = new Map(next.map((row) => [row.id, row]));
  const rows = shown.map(({ row: last }) => {
    const row = newest.get(last.id);
    newest.delete(last.id);
    return row ? { row, gone: false } : { row: last, gone: true };
  });
  return { rows, waiting: newest.size };
}

/** The rows as the list has them. */
export function showRows<Row>(next: readonly Row[]): HeldRows<Row> {
  return { rows: next.map((row) => ({ row, gone: false })), waiting: 0 };
}
