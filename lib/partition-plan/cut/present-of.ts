import type { Sql } from "postgres";
import { quoteQualified } from "../../quote-sql.ts";
import type { Line } from "./learn-line.ts";
import type { PartitionRange } from "./uncovered.ts";
import { toWalls } from "./zone-clock.ts";

/**
 * Where a table's present is: now, or of plain numbers the begin of the newest partition that holds rows (the oldest where
 * none does).
 * @returns null where nothing tells: numbers without a partition
 */
export async function presentOf(
  sql: Sql,
  line: Line,
  ranges: readonly PartitionRange[],
  now: Date,
): Promise<bigint | null> {
  const micros = BigInt(now.getTime()) * 1_000n;
  if (line.codec.line === "instant") return micros;
  if (line.codec.line === "wall") return (await toWalls(sql, line.timeZone, [micros]))[0] ?? micros;
  for (const { node, from } of ranges.toReversed()) {
    const filled = (await isReadable(sql, node.oid))
      ? await hasRows(sql, quoteQualified(node.schema, node.name))
      : (node.rowsAtAnalyze ?? 0) > 0;
    if (filled) return from[0]?.order ?? null;
  }
  return ranges[0]?.from[0]?.order ?? null;
}

async function isReadable(sql: Sql, oid: number): Promise<boolean> {
  const [row] = await sql<
    { readable: boolean }[]
  >`select has_table_privilege(${oid}::oid, 'select') as "readable"`;
  return row?.readable === true;
}

async function hasRows(sql: Sql, table: string): Promise<boolean> {
  const [row] = await sql<
    { filled: boolean }[]
  >`select exists (select from ${sql.unsafe(table)}) as "filled"`;
  return row?.filled === true;
}
