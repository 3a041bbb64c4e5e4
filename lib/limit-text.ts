/**
 * Limits of checks as people type and read them, in the check's unit. What is written can be typed again and means the
 * same. Pages, the command line and the activity log share it, so it imports nothing.
 */

/** Names of a unit's multiples, smallest first; the first name of each is the one that is written. */
const multiples: Record<string, readonly (readonly [size: number, ...names: string[]])[]> = {
  seconds: [
    [0.001, "ms"],
    [1, "s", "sec", "second", "seconds"],
    [60, "min", "m", "minute", "minutes"],
    [3_600, "h", "hour", "hours"],
    [86_400, "d", "day", "days"],
  ],
  ms: [
    [1, "ms"],
    [1_000, "s"],
    [60_000, "min"],
  ],
  days: [[1, "d", "day", "days"]],
  partitions: [[1, "partitions", "partition"]],
  bytes: [
    [1, "B", "byte", "bytes"],
    [1_024, "kB", "KB", "KiB"],
    [1_024 ** 2, "MB", "MiB"],
    [1_024 ** 3, "GB", "GiB"],
    [1_024 ** 4, "TB", "TiB"],
  ],
};

/** What stands behind a figure of a unit that has no multiples. */
const suffixes: Record<string, string> = { perSecond: "/s", perMinute: "/min", bytesPerSecond: "B/s" };

/** "5 min", "80 %", "1.5 GB", "3": the whole figure, in the largest unit that holds it exactly. */
export function formatLimit(value: number, unit: string | null): string {
  if (unit === "ratio") return `${plain(value * 100)} %`;
  const known = unit === null ? undefined : multiples[unit];
  if (known) {
    const [size, name] = known.findLast(([size]) => isWhole(value / size) && value >= size) ??
      known.find(([size]) => size === 1) ?? [1, ""];
    return unit === "partitions" && value === 1 ? "1 partition" : `${plain(value / size)} ${name}`;
  }
  if (unit === null || unit === "count") return plain(value);
  return `${plain(value)}${suffixes[unit] ?? ` ${unit}`}`;
}

/**
 * The figure somebody typed: "300", "5 min", "80 %". Null for what is none. A share needs its sign: 80 could mean 0.8 or 80.
 * @param unit the check's
 */
export function parseLimit(text: string, unit: string | null): number | null {
  const match = /^(\d+(?:\.\d+)?|\.\d+)\s*(\D*)$/.exec(text.trim());
  if (!match) return null;
  const [, digits = "", suffix = ""] = match;
  const figure = Number(digits);
  if (!Number.isFinite(figure)) return null;
  const name = suffix.trim();
  if (unit === "ratio") return name === "%" ? figure / 100 : null;
  if (name === "" || unit === null) return name === "" ? figure : null;
  const multiple = multiples[unit]?.find(([, ...names]) => names.includes(name));
  if (multiple) return figure * multiple[0];
  return name === unit || name === suffixes[unit]?.trim() ? figure : null;
}

/** How a limit of this unit is typed, e.g. in a hint. */
export function limitExample(unit: string | null): string {
  switch (unit) {
    case "seconds":
      return "300, 5 min or 2 h";
    case "ms":
      return "250 or 1.5 s";
    case "bytes":
      return "512 MB or 1.5 GB";
    case "ratio":
      return "80 %";
    case "days":
      return "14 or 14 d";
    default:
      return "a number";
  }
}

/** Without the digits that binary fractions add: 0.57 × 100 is 57. */
function plain(value: number): string {
  return String(Number(value.toPrecision(12)));
}

function isWhole(value: number): boolean {
  return Math.abs(value * 10 - Math.round(value * 10)) < 1e-9;
}
