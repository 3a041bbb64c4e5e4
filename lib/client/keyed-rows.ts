/** Rows of a form that are added and left out: each has a key of its own while it is written. */
export function keyedRows<Row extends { key: number }>(
  rows: readonly Row[],
  onChange: (rows: Row[]) => void,
) {
  return {
    add: (row: Omit<Row, "key">) => {
      const key = Math.max(0, ...rows.map((each) => each.key)) + 1;
      onChange([...rows, { ...row, key } as Row]);
    },
    change: (key: number, to: Partial<Row>) =>
      onChange(rows.map((row) => (row.key === key ? { ...row, ...to } : row))),
    leaveOut: (key: number) => onChange(rows.filter((row) => row.key !== key)),
  };
}
