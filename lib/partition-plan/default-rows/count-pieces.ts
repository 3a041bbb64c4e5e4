import type { Sql } from "postgres";
import { type Cut, cutAt, cutIndex, pointOf } from "../../audit-db/schema/calendar-cut.ts";
import type { Line } from "../cut/learn-line.ts";
import { toInstants } from "../cut/zone-clock.ts";

/** Rows of one piece of a table's calendar. */
export interface FilledPiece {
  /** Of the cut. */
  index: bigint;
  rows: number;
}

export interface CountedRows {
  /** In order; only those with rows. */
  pieces: FilledPiece[];
  /** Whose key, or one of its columns, is NULL. */
  withoutKey: number;
  /** Before 1900, behind 2199 or infinite: nobody's partition. */
  outside: number;
  total: number;
  /** What one reading of it took, in seconds. */
  readSeconds: number;
}

export interface CountedTable {
  /** Qualified and quoted. */
  table: string;
  /** The key's first column or expression, and all of its columns. */
  key: string;
  columns: readonly string[];
  type: string;
  line: Line;
  /** Only rows of the first pages of each heap are counted; all when left out. */
  mostPages?: number;
}

const bucketsAtOnce = 1_000n;
const [firstYear, lastYear] = [1900, 2200];

/**
 * How many rows lie in which pieces: the server sorts them into some thousand stretches in one scan, then those with rows
 * into their pieces in the next. Two scans for months and days, three for hours.
 * @throws the driver's errors, 57014 after the session's statement_timeout
 */
export async function countPieces(sql: Sql, counted: CountedTable): Promise<CountedRows> {
  const { line } = counted;
  const found: CountedRows = { pieces: [], withoutKey: 0, outside: 0, total: 0, readSeconds: 0 };
  const seconds: number[] = [];
  let stretches = [await wholeStretch(sql, counted)];
  for (let first = true; stretches.length > 0; first = false) {
    const width = widthOf(stretches);
    const starts = stretches.flatMap(({ from, to }) => startsOf(from, to, width));
    const bounds = await boundsAt(sql, line, starts);
    const began = performance.now();
    const counts = await countBetween(sql, counted, bounds);
    seconds.push((performance.now() - began) / 1_000);
    const filled = counts.flatMap(({ bucket, rows }) => {
      const start = bucket === null || bucket === 0 ? undefined : starts[bucket - 1];
      const inside =
        start !== undefined && stretches.some(({ from, to }) => start.index >= from && start.index < to);
      if (first) {
        found.total += rows;
        if (bucket === null) found.withoutKey += rows;
        else if (!inside) found.outside += rows;
      }
      return inside && start ? [{ ...start, rows }] : [];
    });
    if (width === 1n) found.pieces = filled.map(({ index, rows }) => ({ index, rows }));
    stretches = width === 1n ? [] : filled.map(({ index, to }) => ({ from: index, to }));
  }
  return { ...found, readSeconds: Math.max(...seconds, 0) };
}

interface IndexStretch {
  from: bigint;
  to: bigint;
}

/** How many pieces one bucket takes, so that there are not too many of them. */
function widthOf(stretches: readonly IndexStretch[]): bigint {
  const pieces = stretches.reduce((sum, { from, to }) => sum + to - from, 0n);
  return pieces <= bucketsAtOnce * 4n ? 1n : (pieces + bucketsAtOnce - 1n) / bucketsAtOnce;
}

/** Where buckets begin, and at the stretch's end the one that takes what lies behind it. */
function startsOf(from: bigint, to: bigint, width: bigint): { index: bigint; to: bigint }[] {
  const starts: { index: bigint; to: bigint }[] = [];
  for (let index = from; index < to; index += width)
    starts.push({ index, to: index + width < to ? index + width : to });
  return [...starts, { index: to, to }];
}

async function wholeStretch(sql: Sql, { key, line, ...counted }: CountedTable): Promise<IndexStretch> {
  const { cut, codec } = line;
  if (codec.line !== "number") return stretchOf(cut, pointOf(firstYear, 1, 1), pointOf(lastYear, 1, 1));
  const [row] = await sql.unsafe<{ least: string | null; most: string | null }[]>(
    // A numeric may be infinite, or no number.
    `select min(${key})::text as least, max(${key})::text as most from ${counted.table}
     where ${firstPages(counted)} and ${key}::text not in ('Infinity', '-Infinity', 'NaN')`,
  );
  return stretchOf(cut, wholeOf(row?.least) - 1n, wholeOf(row?.most) + 1n);
}

/** Without what stands behind the point. */
function wholeOf(text: string | null | undefined): bigint {
  return BigInt(/^-?\d+/.exec(text ?? "")?.[0] ?? "0");
}

function stretchOf(cut: Cut, from: bigint, to: bigint): IndexStretch {
  return { from: cutIndex(cut, from), to: cutIndex(cut, to - 1n) + 1n };
}

/** Null where the key's type holds no such value. */
async function boundsAt(sql: Sql, { cut, codec, timeZone }: Line, starts: readonly { index: bigint }[]) {
  const walls = starts.map(({ index }) => cutAt(cut, index));
  const points = codec.line === "instant" ? await toInstants(sql, timeZone, walls) : walls;
  return points.map((point) => codec.encode(point));
}

/** @returns rows by bucket: 0 before the first bound, null without a key */
async function countBetween(
  sql: Sql,
  { key, columns, type, ...counted }: CountedTable,
  bounds: readonly (string | null)[],
): Promise<{ bucket: number | null; rows: number }[]> {
  const places = bounds.flatMap((bound, place) => (bound === null ? [] : [place]));
  const texts = JSON.stringify(bounds.filter((bound) => bound !== null));
  const rows = await sql.unsafe<{ bucket: number | null; rows: number }[]>(
    `with bounds as materialized (
       select array_agg(bound::${type} order by place) as all_of_them
       from json_array_elements_text($1::text::json) with ordinality as given (bound, place)
     )
     select case when num_nulls(${columns.join(", ")}) = 0
                 then width_bucket(${key}, (select all_of_them from bounds)) end as bucket, count(*)::float8 as rows
     from ${counted.table} where ${firstPages(counted)} group by 1 order by 1`,
    [texts],
  );
  return rows.map(({ bucket, rows: count }) => ({
    bucket: bucket === null || bucket === 0 ? bucket : (places[bucket - 1] ?? 0) + 1,
    rows: count,
  }));
}

/** A range of pages is read without a look at the others. */
export const firstPages = ({ mostPages }: Pick<CountedTable, "mostPages">) =>
  mostPages === undefined ? "true" : `ctid < '(${mostPages},0)'::tid`;
