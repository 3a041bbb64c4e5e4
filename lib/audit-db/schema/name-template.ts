import { type CutUnit, civilOf, dayMicros, hourMicros, pointOf } from "./calendar-cut.ts";

/** What a partition's name may be made of. */
export interface NameParts {
  /** The table it belongs to directly. */
  table: string;
  /** Its bounds: points of a wall clock (see calendar-cut.ts), or numbers. */
  from: bigint;
  to: bigint;
  /** One more than the highest number that stands in a name beside it. */
  next?: bigint;
}

const two = (value: number | bigint) => String(value).padStart(2, "0");
const four = (value: number) => String(value).padStart(4, "0");
const months = "jan feb mar apr may jun jul aug sep oct nov dec".split(" ");

/** The fields of one moment, e.g. `{yyyy}`; those of the upper bound are called `{to_yyyy}`. */
export const momentFields: Readonly<Record<string, (point: bigint) => string>> = {
  yyyy: (point) => four(civilOf(point).year),
  mm: (point) => two(civilOf(point).month),
  dd: (point) => two(civilOf(point).day),
  hh: (point) => two(civilOf(point).timeOfDay / hourMicros),
  mi: (point) => two((civilOf(point).timeOfDay / 60_000_000n) % 60n),
  ss: (point) => two((civilOf(point).timeOfDay / 1_000_000n) % 60n),
  q: (point) => String(Math.ceil(civilOf(point).month / 3)),
  iyyy: (point) => four(isoWeek(point).year),
  ww: (point) => two(isoWeek(point).week),
  yy: (point) => four(civilOf(point).year).slice(-2),
  mon: (point) => months[civilOf(point).month - 1] ?? "",
  m: (point) => String(civilOf(point).month),
  d: (point) => String(civilOf(point).day),
};

/** How names end where nobody says otherwise: `2026_11_03`, `2026_w45` (ISO week), `2026_11`, `2026_q4`. */
const labels: Partial<Record<CutUnit, string>> = {
  hour: "{yyyy}_{mm}_{dd}_{hh}",
  day: "{yyyy}_{mm}_{dd}",
  week: "{iyyy}_w{ww}",
  month: "{yyyy}_{mm}",
  quarter: "{yyyy}_q{q}",
  year: "{yyyy}",
  number: "{from}_{to}",
};
/** Of a piece that is no whole one. */
const oddLabel = "{yyyy}{mm}{dd}_{to_yyyy}{to_mm}{to_dd}";
const oddHourLabel = "{yyyy}{mm}{dd}{hh}{mi}_{to_yyyy}{to_mm}{to_dd}{to_hh}{to_mi}";

export function labelOf(unit: CutUnit): string {
  return labels[unit] ?? oddLabel;
}

/** The label of a piece that is not whole: to the day, or to the minute where it begins or ends within one. */
export function labelOfOdd({ from, to }: Pick<NameParts, "from" | "to">): string {
  return from % dayMicros === 0n && to % dayMicros === 0n ? oddLabel : oddHourLabel;
}

const field = /\{(to_)?([a-z]+)\}/g;

/** @throws Error for a field that does not exist: `findUnknownField` says so beforehand */
export function renderName(template: string, { table, from, to, next }: NameParts): string {
  return template.replace(field, (whole, upper: string | undefined, name: string) => {
    if (!upper && name === "table") return table;
    if (!upper && name === "from") return String(from);
    if (!upper && name === "to") return String(to);
    if (!upper && name === "n" && next !== undefined) return String(next);
    const render = momentFields[name];
    if (!render) throw new Error(`a name has no field ${whole}`);
    return render(upper ? to : from);
  });
}

/** The first field of a template that means nothing, e.g. `{year}`; null where all do. */
export function findUnknownField(template: string): string | null {
  for (const [whole, upper, name = ""] of template.matchAll(field))
    if (!momentFields[name] && (upper || !["table", "from", "to", "n"].includes(name))) return whole;
  return null;
}

/** The ISO year and number of a week are those of its Thursday. */
function isoWeek(point: bigint): { year: number; week: number } {
  const days = point / dayMicros - (point % dayMicros < 0n ? 1n : 0n);
  const weekday = Number((((days + 3n) % 7n) + 7n) % 7n);
  const thursday = (days - BigInt(weekday) + 3n) * dayMicros;
  const { year } = civilOf(thursday);
  const week = (thursday - pointOf(year, 1, 1)) / dayMicros / 7n + 1n;
  return { year, week: Number(week) };
}
