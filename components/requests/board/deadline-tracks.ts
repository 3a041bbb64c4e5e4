import type { RequestSummary } from "@/lib/requests/types.ts";

/** Part of a track, in epoch milliseconds. */
export interface TrackPart {
  /** `ran`: days gone by; `left`: days to come; `stood`: the clock stood; `extended`: won by the extension; `over`: past due. */
  kind: "ran" | "left" | "stood" | "extended" | "over";
  fromMs: number;
  toMs: number;
}

export interface Track {
  parts: TrackPart[];
  receivedMs: number;
  /** Null while the clock stands: then the track ends at now. */
  dueMs: number | null;
  endMs: number;
}

export interface TimeSpan {
  fromMs: number;
  toMs: number;
}

export const dayMs = 86_400_000;

/**
 * One request from receipt to due as parts that follow each other without overlap. The first month is what the law gives;
 * days after it and the pauses are the extension's.
 */
export function trackOf(request: RequestSummary, nowMs: number): Track {
  const receivedMs = Date.parse(request.receivedAt);
  const dueMs = request.dueAt === null ? null : Date.parse(request.dueAt);
  const lastMs = dueMs ?? Math.max(nowMs, receivedMs + dayMs);
  const pauses = request.intervals
    .map(({ beganAt, endedAt }) => ({
      fromMs: Math.max(receivedMs, Date.parse(beganAt)),
      toMs: Math.min(lastMs, endedAt === null ? nowMs : Date.parse(endedAt)),
    }))
    .filter(({ fromMs, toMs }) => toMs > fromMs)
    .toSorted((a, b) => a.fromMs - b.fromMs);
  const extendedFrom = extensionBegins(request, pauses);
  const cuts = [receivedMs, lastMs, nowMs, ...pauses.flatMap(({ fromMs, toMs }) => [fromMs, toMs])];
  if (extendedFrom !== null) cuts.push(extendedFrom);
  const points = [...new Set(cuts.filter((at) => at >= receivedMs && at <= lastMs))].toSorted(
    (a, b) => a - b,
  );
  const parts: TrackPart[] = [];
  points.slice(1).forEach((toMs, index) => {
    const fromMs = points[index] ?? receivedMs;
    const stood = pauses.some((pause) => pause.fromMs <= fromMs && pause.toMs >= toMs);
    const kind: TrackPart["kind"] = stood
      ? "stood"
      : extendedFrom !== null && fromMs >= extendedFrom && fromMs >= nowMs
        ? "extended"
        : toMs <= nowMs
          ? "ran"
          : "left";
    const last = parts.at(-1);
    if (last?.kind === kind) last.toMs = toMs;
    else parts.push({ kind, fromMs, toMs });
  });
  // Late it was until the person was answered, and no longer.
  const lateUntilMs = request.respondedAt === null ? nowMs : Date.parse(request.respondedAt);
  const over = dueMs !== null && lateUntilMs > dueMs;
  if (over) parts.push({ kind: "over", fromMs: dueMs, toMs: lateUntilMs });
  return { parts, receivedMs, dueMs, endMs: over ? lateUntilMs : lastMs };
}

/** Where the extension's days begin: a month (45 days in California) after receipt, and what it stood. */
function extensionBegins(request: RequestSummary, pauses: readonly TimeSpan[]): number | null {
  if (request.extendedAt === null) return null;
  const received = new Date(request.receivedAt);
  const first = request.regime === "california" ? received.getTime() + 45 * dayMs : monthAfter(received);
  return first + pauses.reduce((all, { fromMs, toMs }) => all + toMs - fromMs, 0);
}

/** Of a month that has no such day the last one. */
function monthAfter(at: Date): number {
  const [year, month] = [at.getUTCFullYear(), at.getUTCMonth()];
  const lastDay = new Date(Date.UTC(year, month + 2, 0)).getUTCDate();
  return Date.UTC(year, month + 1, Math.min(at.getUTCDate(), lastDay));
}

/** Days that lie further off are cut: one old request must not squeeze the others. */
const mostBefore = 95 * dayMs;
const mostAfter = 95 * dayMs;

/** The axis that all tracks share, in whole days: from the first receipt to the last due day, now always within. */
export function boardSpan(tracks: readonly Track[], nowMs: number): TimeSpan {
  const from = Math.max(nowMs - mostBefore, Math.min(nowMs - 7 * dayMs, ...tracks.map((t) => t.receivedMs)));
  const to = Math.min(nowMs + mostAfter, Math.max(nowMs + 14 * dayMs, ...tracks.map((t) => t.endMs)));
  return { fromMs: Math.floor(from / dayMs) * dayMs, toMs: Math.ceil(to / dayMs) * dayMs + dayMs };
}
