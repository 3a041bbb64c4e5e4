import type { Point } from "../collector/types.ts";
import type { StatementLabel } from "./statement-label.ts";
import { shapesOf } from "./statement-shape.ts";
import { oneLine } from "./statement-text.ts";
import { addUp, judge, type QueryFigures, type QueryOrder, type TopQuery } from "./top-query.ts";

/**
 * Statements that differ only in the partition they name, added up under their common shape, per role and
 * database. Statements without a known text stay alone. The figure of the window before is left out: it is
 * known per statement, and members come and go with their partitions.
 */
export async function groupByShape(
  rows: readonly TopQuery[],
  labels: ReadonlyMap<string, StatementLabel>,
  orderBy: QueryOrder,
  totals: QueryFigures,
): Promise<TopQuery[]> {
  const shapes = await shapesOf([...labels.values()].map(({ query }) => query));
  const shapeOf = ({ query }: StatementLabel) => shapes.get(query) ?? query;
  const groups = new Map<string, TopQuery[]>();
  for (const row of rows) {
    const label = labels.get(row.key);
    const name = label ? JSON.stringify([label.user, label.database, shapeOf(label)]) : row.key;
    const group = groups.get(name);
    if (group) group.push(row);
    else groups.set(name, [row]);
  }
  return [...groups.values()].map((members) => {
    const [first] = members.toSorted((a, b) => (b.figure ?? -1) - (a.figure ?? -1));
    if (!first || members.length === 1) return first ?? (members[0] as TopQuery);
    const values = addUp(members.map((member) => member.values));
    const label = labels.get(first.key);
    return {
      ...first,
      statements: members.length,
      text: label ? oneLine(shapeOf(label)) : first.text,
      own: members.every((member) => member.own),
      values,
      ...judge(values, null, orderBy, totals),
      spark: addSparks(members.map((member) => member.spark)),
    };
  });
}

function addSparks(sparks: readonly Point[][]): Point[] {
  const sums = new Map<number, number | null>();
  for (const [at, value] of sparks.flat()) {
    const sum = sums.get(at) ?? null;
    sums.set(at, value === null ? sum : (sum ?? 0) + value);
  }
  return [...sums].toSorted(([a], [b]) => a - b);
}
