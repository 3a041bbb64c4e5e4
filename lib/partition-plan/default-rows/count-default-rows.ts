import type { Sql } from "postgres";
import { inTransaction } from "../../audit-db/pool/transaction.ts";
import { cutAt } from "../../audit-db/schema/calendar-cut.ts";
import type { BoundValue } from "../../partition-facts/bound-values.ts";
import type { PartitionNode } from "../../partition-facts/get-nodes.ts";
import { quoteIdentifier, quoteQualified } from "../../quote-sql.ts";
import { sqlStateOf } from "../../sql-state.ts";
import { keySql, rowsCondition } from "../cut/bounds-sql.ts";
import type { Line } from "../cut/learn-line.ts";
import { intersect, type KeyRange, type PartitionRange, uncoveredOf } from "../cut/uncovered.ts";
import { boundAt } from "../cut/wanted-pieces.ts";
import { windowOf } from "../cut/window-of.ts";
import { toInstants } from "../cut/zone-clock.ts";
import type { Trees } from "../tree.ts";
import { countPieces, firstPages } from "./count-pieces.ts";

/** Rows of a default partition that belong into one new partition. */
export interface PieceRows {
  range: KeyRange;
  /** Of the key, as SQL; false for rows with a NULL in it. */
  condition: string;
  rows: number;
}

export interface DefaultRows {
  pieces: PieceRows[];
  withoutKey: number;
  outside: number;
  total: number;
  /** What one reading of it took, in seconds. */
  readSeconds: number;
  /** It holds more: only its first pages were counted. */
  more: boolean;
}

const longest = "60s";
/** 512 MB: some seconds for each of two or three readings. What lies behind them is planned once those in front have moved. */
const pagesCounted = 65_536;
/** More partitions than anybody looks through in a plan. */
const mostPieces = 500;

interface Counting {
  trees: Trees;
  parent: PartitionNode;
  fallback: PartitionNode;
  line: Line;
  ranges: readonly PartitionRange[];
  /** The owner, who may read it. */
  runsAs: string;
  /** Of a heap, how many pages it has; null where it has partitions of its own. */
  pages: number | null;
  /** How many of them are read at most. */
  mostPages?: number | undefined;
}

/** How many rows of the default belong into which new partitions, none of which overlaps one that is there. */
export async function countDefaultRows(
  sql: Sql,
  counting: Counting,
): Promise<DefaultRows | { problem: string }> {
  const { trees, parent, fallback, line, ranges, runsAs, pages, mostPages = pagesCounted } = counting;
  const more = pages !== null && pages > mostPages;
  const capped = more ? { mostPages } : {};
  const columns = keySql(parent);
  const column = parent.key?.[0];
  if (!columns || !column)
    return { problem: "Its key is ordered in a way of its own: rows cannot be told by it." };
  const table = quoteQualified(fallback.schema, fallback.name);
  const [key = ""] = columns;
  try {
    return await inTransaction(sql, "isolation level repeatable read read only", async (reading) => {
      await reading.unsafe(`SET LOCAL statement_timeout = '${longest}'`);
      await reading.unsafe(`SET LOCAL ROLE ${quoteIdentifier(runsAs)}`);
      const found = await countPieces(reading, { table, key, columns, type: column.type, line, ...capped });
      if (found.pieces.length > mostPieces)
        return {
          problem: `Its rows lie in ${found.pieces.length} intervals: ask for a larger one, at most ${mostPieces} are planned.`,
        };
      const notNull = columns.map((text) => `${text} IS NOT NULL`).join(" AND ");
      const seen = (condition: string) => `${condition} AND ${firstPages(capped)}`;
      const window = windowOf(trees, parent, line);
      const pieces: PieceRows[] = [];
      for (const { index, rows } of found.pieces) {
        const whole = await rangeAt(reading, line, index);
        const inside = whole && (window ? intersect(whole, window) : whole);
        const free = inside ? uncoveredOf(ranges, inside) : [];
        for (const range of free) {
          const condition = `${notNull} AND ${rowsCondition(parent, range)}`;
          const counted = free.length === 1 ? rows : await countWhere(reading, table, seen(condition));
          if (counted > 0) pieces.push({ range, condition, rows: counted });
        }
      }
      return { ...found, pieces, more };
    });
  } catch (thrown) {
    if (sqlStateOf(thrown) === "57014")
      return {
        problem: `Counting its rows took longer than ${longest}. Give it fewer rows, or a faster disk.`,
      };
    throw thrown;
  }
}

async function rangeAt(sql: Sql, { cut, codec, timeZone }: Line, index: bigint): Promise<KeyRange | null> {
  const walls = [cutAt(cut, index), cutAt(cut, index + 1n)];
  const points = codec.line === "instant" ? await toInstants(sql, timeZone, walls) : walls;
  const [from, to] = points.map((point): BoundValue | null => boundAt(codec, point));
  return from && to ? { from: [from], to: [to] } : null;
}

async function countWhere(sql: Sql, table: string, condition: string): Promise<number> {
  const [row] = await sql.unsafe<{ rows: number }[]>(
    `select count(*)::float8 as rows from ${table} where ${condition}`,
  );
  return row?.rows ?? 0;
}
