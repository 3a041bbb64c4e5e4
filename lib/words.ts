/** A duration as a sentence carries it: "45 s", "5 min", "2 h 10 min", "3 d 4 h". */
export function durationInWords(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  if (whole < 120) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 120) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return minutes % 60 ? `${hours} h ${minutes % 60} min` : `${hours} h`;
  const days = Math.floor(hours / 24);
  return hours % 24 ? `${days} d ${hours % 24} h` : `${days} d`;
}

/** "1 connection", "3 connections". */
export function counted(count: number, singular: string, plural = `${singular}s`): string {
  return `${count} ${count === 1 ? singular : plural}`;
}

const dayFormat = new Intl.DateTimeFormat("en-GB", {
  day: "numeric",
  month: "short",
  year: "numeric",
  timeZone: "UTC",
});

/** The day of a moment in UTC: "3 Dec 2026". */
export function dayInWords(iso: string): string {
  return dayFormat.format(new Date(iso));
}

/** A moment in UTC, to the minute, without the midnight: "16 Nov 2026", "17 Nov 2026 06:30". */
export function momentInWords(iso: string): string {
  const clock = iso.slice(11, 16);
  const day = dayInWords(iso);
  return clock === "00:00" ? day : `${day} ${clock}`;
}

/** 97.96 % must not read as the limit of 98 %: one decimal, rounded down. @param share 0–1 */
export function percentRoundedDown(share: number): string {
  return `${(Math.floor(share * 1_000) / 10).toFixed(1)} %`;
}

/** What share of a window's figures is missing, as a sentence; null where none is. @param share 0–1 */
export function missingInWords(share: number): string | null {
  if (share <= 0) return null;
  const percent = share < 0.01 ? "Less than 1 %" : `About ${Math.round(share * 100)} %`;
  return `${percent} is missing: not sampled, or lost to a reset or an eviction.`;
}

/** Others' words as a sentence of ours, so that another may follow: "it is busy" as "it is busy." */
export function asSentence(words: string): string {
  const text = words.trimEnd();
  return /[.!?…]$/.test(text) ? text : `${text}.`;
}
