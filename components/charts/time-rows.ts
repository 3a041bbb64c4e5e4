import type { Point, SeriesHistory, Unit } from "@/lib/collector/types.ts";

/** One step of a chart: a time and a value for each drawn series, null for a gap. */
export interface Row {
  t: number;
  v: (number | null)[];
}

export interface ChosenSeries {
  name: string;
  label?: string;
  colour?: string;
}

const maxSeries = 6;
const maxPoints = 1_000;
export const othersName = "others";

/** Units whose figures may be added up to "others". */
const additive: ReadonlySet<Unit> = new Set(["count", "bytes", "perSecond", "bytesPerSecond", "msPerSecond"]);

interface Prepared {
  /** Names of the drawn series, `others` last when it stands for some. */
  names: string[];
  rows: Row[];
  /** Series that were left out because their unit cannot be added up. */
  leftOut: number;
}

/**
 * History as rows to draw: at most six series (the rest added up as "others"), a null row wherever a step is
 * missing, at most 1,000 rows.
 */
export function timeRows(history: SeriesHistory, chosen: readonly string[], unit: Unit): Prepared {
  const present = chosen.filter((name) => history.series[name]);
  const drawn = present.length > maxSeries ? present.slice(0, maxSeries) : present;
  const rest = present.slice(drawn.length);
  const joined = rest.length > 0 && additive.has(unit);
  const columns = drawn.map((name) => history.series[name] ?? []);
  if (joined) columns.push(sum(rest.map((name) => history.series[name] ?? [])));
  return {
    names: joined ? [...drawn, othersName] : drawn,
    rows: thin(withGaps(align(columns), history.stepSeconds * 1_000), maxPoints),
    leftOut: joined ? 0 : rest.length,
  };
}

/** The series of a history, largest total first; what a chart draws when it is not told. */
export function largestFirst(history: SeriesHistory): string[] {
  const total = (points: readonly Point[]) =>
    points.reduce((all, [, value]) => all + Math.abs(value ?? 0), 0);
  return Object.entries(history.series)
    .map(([name, points]) => ({ name, total: total(points) }))
    .sort((a, b) => b.total - a.total)
    .map(({ name }) => name);
}

function sum(columns: readonly Point[][]): Point[] {
  return align(columns).map(({ t, v }) => {
    const values = v.filter((value) => value !== null);
    return [t, values.length ? values.reduce((all, value) => all + value, 0) : null];
  });
}

function align(columns: readonly Point[][]): Row[] {
  const rows = new Map<number, Row>();
  columns.forEach((points, index) => {
    for (const [t, value] of points) {
      let row = rows.get(t);
      if (!row) {
        row = { t, v: columns.map(() => null) };
        rows.set(t, row);
      }
      row.v[index] = value !== null && Number.isFinite(value) ? value : null;
    }
  });
  return [...rows.values()].sort((a, b) => a.t - b.t);
}

function withGaps(rows: readonly Row[], stepMs: number): Row[] {
  const whole: Row[] = [];
  for (const row of rows) {
    const last = whole.at(-1);
    if (last && stepMs > 0 && row.t - last.t > stepMs * 1.6)
      whole.push({ t: last.t + stepMs, v: row.v.map(() => null) });
    whole.push(row);
  }
  return whole;
}

/**
 * At most `limit` rows: of each bucket a series keeps the value farthest from its mean, so that neither a peak nor
 * a dip is smoothed away.
 */
export function thin(rows: Row[], limit: number): Row[] {
  if (rows.length <= limit) return rows;
  const width = rows[0]?.v.length ?? 0;
  const means = Array.from({ length: width }, (_, index) => {
    const values = rows.map((row) => row.v[index]).filter((value) => value != null);
    return values.length ? values.reduce((all, value) => all + value, 0) / values.length : 0;
  });
  const size = rows.length / limit;
  return Array.from({ length: limit }, (_, bucket) => {
    const part = rows.slice(Math.floor(bucket * size), Math.floor((bucket + 1) * size));
    const first = part[0] ?? { t: 0, v: [] };
    return {
      t: first.t,
      v: means.map((mean, index) =>
        part.reduce<number | null>((kept, row) => {
          const value = row.v[index] ?? null;
          if (value === null) return kept;
          return kept === null || Math.abs(value - mean) > Math.abs(kept - mean) ? value : kept;
        }, null),
      ),
    };
  });
}

/** The row nearest to a time, or null when none lies within `withinMs`. */
export function nearestRow(rows: readonly Row[], t: number, withinMs: number): Row | null {
  let low = 0;
  let high = rows.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((rows[middle]?.t ?? 0) < t) low = middle + 1;
    else high = middle;
  }
  let best: Row | null = null;
  for (const row of [rows[low - 1], rows[low]])
    if (row && (!best || Math.abs(row.t - t) < Math.abs(best.t - t))) best = row;
  return best && Math.abs(best.t - t) <= withinMs ? best : null;
}

/** Last known value of a series. */
export function latest(rows: readonly Row[], index: number): number | null {
  for (let at = rows.length - 1; at >= 0; at -= 1) {
    const value = rows[at]?.v[index];
    if (value != null) return value;
  }
  return null;
}
