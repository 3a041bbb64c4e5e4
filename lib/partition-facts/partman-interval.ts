const hour = 3_600;
const day = 24 * hour;
const units: Record<string, number> = {
  year: 365 * day,
  mon: 30 * day,
  month: 30 * day,
  week: 7 * day,
  day,
  hour,
  minute: 60,
  min: 60,
  second: 1,
};
const named: Record<string, number> = {
  yearly: 365 * day,
  quarterly: 91 * day,
  monthly: 30 * day,
  weekly: 7 * day,
  daily: day,
  hourly: hour,
  "half-hour": 1_800,
  "quarter-hour": 900,
};

/**
 * What pg_partman's `partition_interval` says in seconds: an interval as the server prints or people write it, or a word
 * of version 4 and before. Null for a number, and what is none of these.
 */
export function widthOfInterval(text: string): number | null {
  const trimmed = text.trim().toLowerCase();
  const word = named[trimmed];
  if (word !== undefined) return word;
  let rest = trimmed;
  let seconds = 0;
  const clock = /(\d+):(\d\d)(?::(\d\d))?$/.exec(rest);
  if (clock) {
    seconds += Number(clock[1]) * hour + Number(clock[2]) * 60 + Number(clock[3] ?? 0);
    rest = rest.slice(0, clock.index).trim();
  }
  const parts = rest === "" ? [] : rest.split(/(?<=[a-z])\s+/);
  for (const part of parts) {
    const [, count, unit] = /^(\d+)\s*([a-z]+?)s?$/.exec(part) ?? [];
    const width = units[unit ?? ""];
    if (count === undefined || width === undefined) return null;
    seconds += Number(count) * width;
  }
  return seconds > 0 ? seconds : null;
}
