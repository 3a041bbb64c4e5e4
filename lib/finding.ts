import type { Unavailable } from "./result.ts";

/** `notice` also stands for a check that could not run: that is never the same as "OK". */
export type FindingSeverity = "critical" | "warning" | "notice";

/** One thing a check found, in words a person can act on. */
export interface Finding {
  /** Stable name of the check, e.g. `connections.blockers`. */
  check: string;
  severity: FindingSeverity;
  /** One plain sentence with the figures in it. */
  title: string;
  /** What it means and what to do about it. */
  detail: string;
  /** When the condition began, where the server knows it. */
  since?: Date;
  /** Page of the target that shows it, e.g. `connections`, `queries/123` or `events?view=quarantine`. */
  path: string;
  /** Set when the check could not run: why, and what would enable it. */
  unavailable?: Unavailable;
}

const order: Record<FindingSeverity, number> = { critical: 0, warning: 1, notice: 2 };

/** Critical first, then warnings, then notices; checks that could not run last; longest-standing first among equals. */
export function worstFirst(findings: readonly Finding[]): Finding[] {
  const time = (finding: Finding) => finding.since?.getTime() ?? Number.POSITIVE_INFINITY;
  const rank = (finding: Finding) => order[finding.severity] + (finding.unavailable ? 3 : 0);
  return findings.toSorted((a, b) => {
    const byRank = rank(a) - rank(b);
    if (byRank !== 0) return byRank;
    const [timeA, timeB] = [time(a), time(b)];
    return timeA === timeB ? 0 : timeA - timeB;
  });
}

/** The severity a value has against two limits; null below both. */
export function severityAt(
  value: number,
  limits: { warning: number; critical: number },
): "warning" | "critical" | null {
  if (value >= limits.critical) return "critical";
  return value >= limits.warning ? "warning" : null;
}

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

const dayInWords = new Intl.DateTimeFormat("en-GB", {
  day: "numeric",
  month: "short",
  year: "numeric",
  timeZone: "UTC",
});

/** A moment in UTC, to the minute, without the midnight: "16 Nov 2026", "17 Nov 2026 06:30". */
export function momentInWords(iso: string): string {
  const clock = iso.slice(11, 16);
  const day = dayInWords.format(new Date(iso));
  return clock === "00:00" ? day : `${day} ${clock}`;
}

/** 97.96 % must not read as the limit of 98 %: one decimal, rounded down. @param share 0–1 */
export function percentRoundedDown(share: number): string {
  return `${(Math.floor(share * 1_000) / 10).toFixed(1)} %`;
}
