import type { Sql } from "postgres";
import type { PartitionNode } from "../partition-facts/get-nodes.ts";
import { withProbeSettings } from "../partition-facts/with-probe-settings.ts";
import { quoteQualified } from "../quote-sql.ts";
import { rowsCondition } from "./cut/bounds-sql.ts";
import type { KeyRange } from "./cut/uncovered.ts";
import type { CreatePartition } from "./steps/create-partition.ts";
import type { Trees } from "./tree.ts";
import type { Refusal } from "./types.ts";

/** Enough to say how many; more would only take longer. */
const cap = 10_000;

/** What a default partition holds of new ranges, which then must leave it first. */
export type InWay =
  | { known: true; rows: { range: KeyRange; count: string }[] }
  /** It could not be looked at, with why. */
  | { known: false; why: string };

/**
 * Rows of the default partition in ranges that are to be. One look at all of them together where nothing is in the way.
 * @param ranges in order
 */
async function findRowsInWay(
  sql: Sql,
  parent: PartitionNode,
  fallback: PartitionNode,
  ranges: readonly KeyRange[],
): Promise<InWay> {
  const [first] = ranges;
  const last = ranges.at(-1);
  if (!first || !last) return { known: true, rows: [] };
  const count = async (range: KeyRange, limit: number): Promise<number> => {
    const condition = rowsCondition(parent, range);
    if (condition === null) throw new Error("the key is ordered in a way of its own");
    const rows = await withProbeSettings(
      sql,
      (probe) => probe<{ rows: number }[]>`
        select count(*)::int as rows
        from (select from ${probe.unsafe(quoteQualified(fallback.schema, fallback.name))}
              where ${probe.unsafe(condition)} limit ${limit}) as found`,
    );
    return rows[0]?.rows ?? 0;
  };
  try {
    if ((await count({ from: first.from, to: last.to }, 1)) === 0) return { known: true, rows: [] };
    const found: { range: KeyRange; count: string }[] = [];
    for (const range of ranges) {
      const rows = await count(range, cap);
      if (rows > 0) found.push({ range, count: rows === cap ? `at least ${cap}` : String(rows) });
    }
    return { known: true, rows: found };
  } catch (thrown) {
    return { known: false, why: thrown instanceof Error ? thrown.message : String(thrown) };
  }
}

/**
 * What a default partition changes: ATTACH locks it and reads it through, which its step says, and is refused where it
 * holds rows of the new range, which leads to its repair.
 * @param tables one for each range
 */
export async function besideDefault(
  sql: Sql,
  trees: Trees,
  parent: PartitionNode,
  ranges: readonly KeyRange[],
  tables: readonly CreatePartition[],
): Promise<{ tables: CreatePartition[]; refusals: Refusal[]; notes: string[] }> {
  const fallback = trees.children(parent.oid).find(({ isDefault }) => isDefault);
  if (!fallback) return { tables: [...tables], refusals: [], notes: [] };
  const relation = quoteQualified(fallback.schema, fallback.name);
  const inWay = await findRowsInWay(sql, parent, fallback, ranges);
  const counts = new Map(inWay.known ? inWay.rows.map(({ range, count }) => [range, count]) : []);
  const refusals: Refusal[] = [];
  const left = tables.flatMap((table, i): CreatePartition[] => {
    const count = counts.get(ranges[i] as KeyRange);
    if (count === undefined) return [{ ...table, scans: { relation, rows: fallback.rowsAtAnalyze } }];
    const object = quoteQualified(table.child.schema, table.child.name);
    const rows = `${count} ${count === "1" ? "row" : "rows"}`;
    const words = `The default partition ${relation} holds ${rows} of its range. Repair ${relation}: that makes this partition and moves them there.`;
    refusals.push({ object, outcome: "blocked", words });
    return [];
  });
  const notes = inWay.known
    ? []
    : [
        `Whether ${relation} holds rows of the new partitions is not known (${inWay.why}). Attaching fails if it does.`,
      ];
  return { tables: left, refusals, notes };
}
