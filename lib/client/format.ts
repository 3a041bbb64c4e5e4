import type { Unit } from "../collector/types.ts";

/**
 * Figures as people read them. `formatValue` is short ("12.3k", "4.1 MB", "99.2 %"), `formatExact` is whole
 * ("12,345", "4,299,161 bytes") and stands in the hover. What is not known is "–", never 0.
 */
export const nothing = "–";

const locale = "en-GB";
const integers = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
const exact = new Intl.NumberFormat(locale, { maximumFractionDigits: 6 });
const byDigits = [0, 1, 2, 3].map(
  (digits) => new Intl.NumberFormat(locale, { maximumFractionDigits: digits }),
);

/** Three significant figures and no more: 0.123, 1.23, 12.3, 123. */
function threeFigures(value: number): string {
  const size = Math.abs(value);
  if (size >= 100) return integers.format(value);
  const digits = size >= 10 ? 1 : size >= 1 ? 2 : 3;
  return (byDigits[digits] ?? exact).format(value);
}

/** "987", "9,876", "12.3k", "4.56M". */
export function formatNumber(value: number | null | undefined): string {
  if (value == null || !Number.isFinite(value)) return nothing;
  const size = Math.abs(value);
  if (size < 1_000) return threeFigures(value);
  if (size < 10_000) return integers.format(value);
  if (size < 999_500) return `${threeFigures(value / 1e3)}k`;
  if (size < 999_500_000) return `${threeFigures(value / 1e6)}M`;
  if (size < 999_500_000_000) return `${threeFigures(value / 1e9)}B`;
  return `${threeFigures(value / 1e12)}T`;
}

const byteUnits = ["B", "kB", "MB", "GB", "TB", "PB"];

/** "512 B", "4.1 kB", "1.23 GB"; a kB is 1,024 bytes, as PostgreSQL writes it. */
export function formatBytes(value: number | null | undefined): string {
  if (value == null || !Number.isFinite(value)) return nothing;
  let size = value;
  let unit = 0;
  while (Math.abs(size) >= 999.5 && unit < byteUnits.length - 1) {
    size /= 1_024;
    unit += 1;
  }
  return `${unit === 0 ? integers.format(size) : threeFigures(size)} ${byteUnits[unit]}`;
}

/** Milliseconds as "0.12 ms", "34 ms", "1.2 s", "2 m 5 s", "3 h 20 m", "12 d 4 h". */
export function formatMs(value: number | null | undefined): string {
  if (value == null || !Number.isFinite(value)) return nothing;
  const size = Math.abs(value);
  if (size > 0 && size < 0.0005) return `${threeFigures(value * 1e3)} µs`;
  if (size < 999.5) return `${threeFigures(value)} ms`;
  if (size < 59_950) return `${threeFigures(value / 1_000)} s`;
  return formatSeconds(value / 1_000);
}

/** Seconds as "0 s", "4.2 s", "2 m 5 s", "3 h 20 m", "12 d 4 h", "2.3 y". */
export function formatSeconds(value: number | null | undefined): string {
  if (value == null || !Number.isFinite(value)) return nothing;
  if (value < 0) return `−${formatSeconds(-value)}`;
  if (value === 0) return "0 s";
  if (value < 0.9995) return formatMs(value * 1_000);
  if (value < 59.95) return `${threeFigures(value)} s`;
  const whole = Math.round(value);
  if (whole < 3_600) return parts(Math.floor(whole / 60), "m", whole % 60, "s");
  const minutes = Math.round(whole / 60);
  if (minutes < 1_440) return parts(Math.floor(minutes / 60), "h", minutes % 60, "m");
  const hours = Math.round(minutes / 60);
  if (hours < 24 * 730) return parts(Math.floor(hours / 24), "d", hours % 24, "h");
  return `${threeFigures(hours / 8_766)} y`;
}

function parts(big: number, bigUnit: string, small: number, smallUnit: string): string {
  return small === 0
    ? `${integers.format(big)} ${bigUnit}`
    : `${integers.format(big)} ${bigUnit} ${small} ${smallUnit}`;
}

/** 0.9912 → "99.1 %"; near the whole it keeps the digits that matter (99.97 %). */
export function formatRatio(value: number | null | undefined): string {
  if (value == null || !Number.isFinite(value)) return nothing;
  const percent = value * 100;
  const rest = Math.abs(100 - percent);
  if (rest > 0 && rest < 1) {
    // Never round up to a whole that is not there: 99.999 % is not 100 %.
    const floored = percent < 100 ? Math.min(99.99, Math.floor(percent * 100 + 1e-9) / 100) : percent;
    return `${(byDigits[2] ?? exact).format(floored)} %`;
  }
  if (percent !== 0 && Math.abs(percent) < 0.01) return percent > 0 ? "< 0.01 %" : "> −0.01 %";
  return `${(byDigits[Math.abs(percent) < 1 ? 2 : 1] ?? exact).format(percent)} %`;
}

/** Short form of a figure in its unit. */
export function formatValue(value: number | null | undefined, unit: Unit): string {
  if (value == null || !Number.isFinite(value)) return nothing;
  switch (unit) {
    case "count":
      return formatNumber(value);
    case "bytes":
      return formatBytes(value);
    case "ms":
      return formatMs(value);
    case "seconds":
      return formatSeconds(value);
    case "ratio":
      return formatRatio(value);
    case "perSecond":
      return `${formatNumber(value)}/s`;
    case "bytesPerSecond":
      return `${formatBytes(value)}/s`;
    case "msPerSecond":
      return `${formatMs(value)}/s`;
  }
}

/** The whole figure, for hovers, tables of exact values and CSV previews. */
export function formatExact(value: number | null | undefined, unit: Unit): string {
  if (value == null || !Number.isFinite(value)) return "not known";
  switch (unit) {
    case "count":
      return exact.format(value);
    case "bytes":
      return `${exact.format(value)} bytes`;
    case "ms":
      return `${exact.format(value)} ms`;
    case "seconds":
      return `${exact.format(value)} s`;
    case "ratio":
      return `${exact.format(value * 100)} %`;
    case "perSecond":
      return `${exact.format(value)} per second`;
    case "bytesPerSecond":
      return `${exact.format(value)} bytes per second`;
    case "msPerSecond":
      return `${exact.format(value)} ms per second`;
  }
}

export interface Change {
  direction: "up" | "down" | "same";
  /** "+12 % vs previous hour", "unchanged from the previous hour", "new". */
  words: string;
}

/**
 * A change in words against the period before. Ratios change in points, everything else in per cent.
 * @param period what was before, e.g. "previous hour"
 */
export function formatChange(
  now: number | null | undefined,
  before: number | null | undefined,
  unit: Unit,
  period = "previous period",
): Change | null {
  if (now == null || before == null || !Number.isFinite(now) || !Number.isFinite(before)) return null;
  const points = unit === "ratio";
  const difference = points ? (now - before) * 100 : (now - before) / Math.abs(before);
  if (now === before || Math.abs(difference) < (points ? 0.05 : 0.005))
    return { direction: "same", words: `unchanged from the ${period}` };
  if (!points && before === 0) return { direction: "up", words: "new" };
  const direction = difference > 0 ? "up" : "down";
  if (!points && Math.abs(difference) >= 10)
    return { direction, words: `${threeFigures(Math.abs(now / before))}× the ${period}` };
  const digits = points || Math.abs(difference) < 0.1 ? 1 : 0;
  const size = (byDigits[digits] ?? exact).format(Math.abs(difference) * (points ? 1 : 100));
  return {
    direction,
    words: `${difference > 0 ? "+" : "−"}${size} ${points ? "points" : "%"} vs ${period}`,
  };
}
