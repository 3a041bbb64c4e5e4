import type { EventInput } from "../audit-db/append/event-schema.ts";
import { uuidV7 } from "../audit-db/append/uuid-v7.ts";
import { createRandom, type Random } from "./random.ts";
import { makeSession } from "./session.ts";

/** An event of the past, its id and times part of the story. */
export type PastEvent = EventInput & { id: string; occurredAt: string; recordedAt: string };

const historySeed = 0xa0d17;
const dayMs = 86_400_000;
const historyMonths = 13;
/** How long events of the policy `minimal` are kept: older ones would have left already. */
const minimalDays = 90;

/** Sessions on a working day at the beginning; four times as many a year later. */
const sessionsPerDay = 130;
const yearlyGrowth = 3;
const weekdayShare = [0.16, 1.06, 1.1, 1.05, 1, 0.88, 0.22] as const;
/** Weight of each UTC hour: nights belong to machines, noon dips. */
const hourWeights = [
  1, 1, 1, 1, 2, 6, 22, 55, 90, 100, 96, 84, 60, 78, 92, 88, 70, 44, 24, 14, 9, 6, 3, 2,
] as const;

export interface HistorySpan {
  from: Date;
  to: Date;
}

/** The months that end with the first start, from midnight UTC. */
export function historySpan(anchor: Date, months = historyMonths): HistorySpan {
  const from = new Date(
    Date.UTC(anchor.getUTCFullYear(), anchor.getUTCMonth() - months, anchor.getUTCDate()),
  );
  return { from, to: anchor };
}

/** The first moment of each policy's history. */
export function policyBeginning(policy: string, { from, to }: HistorySpan): Date {
  if (policy !== "minimal") return from;
  const oldest = new Date(to.getTime() - minimalDays * dayMs);
  return new Date(Date.UTC(oldest.getUTCFullYear(), oldest.getUTCMonth() + 1, 1));
}

/** The days of a span, each by its midnight UTC. */
export function daysOf({ from, to }: HistorySpan): Date[] {
  const days: Date[] = [];
  for (let at = Math.floor(from.getTime() / dayMs) * dayMs; at < to.getTime(); at += dayMs)
    days.push(new Date(at));
  return days;
}

/** The sessions that begin on one day (UTC), as events in the order of time: the same for the same day and span. */
export function pastDay(day: Date, span: HistorySpan): PastEvent[] {
  const dayNumber = Math.floor(day.getTime() / dayMs);
  const random = createRandom(historySeed, dayNumber);
  const age = (day.getTime() - span.from.getTime()) / (365 * dayMs);
  const share = weekdayShare[day.getUTCDay()] ?? 1;
  const sessions = Math.round(
    sessionsPerDay * share * (1 + age * yearlyGrowth) * (0.9 + 0.2 * random.next()),
  );
  const events: PastEvent[] = [];
  for (let i = 0; i < sessions; i++) events.push(...pastSession(day, random));
  const minimalFrom = policyBeginning("minimal", span).toISOString();
  const [from, to] = [span.from.toISOString(), span.to.toISOString()];
  return events
    .filter((e) => e.occurredAt >= from && e.recordedAt <= to)
    .filter((e) => e.retentionPolicy !== "minimal" || e.occurredAt >= minimalFrom)
    .sort((a, b) => (a.occurredAt < b.occurredAt ? -1 : a.occurredAt > b.occurredAt ? 1 : 0));
}

function pastSession(day: Date, random: Random): PastEvent[] {
  const hour = random.weighted(hourWeights);
  const beginMs = day.getTime() + hour * 3_600_000 + random.int(0, 3_599_999);
  return makeSession(random, { machine: hour < 5 }).map(({ afterMs, event }) => {
    const occurredMs = beginMs + afterMs;
    return {
      ...event,
      id: uuidV7(occurredMs, random.bytes(10)),
      occurredAt: new Date(occurredMs).toISOString(),
      recordedAt: new Date(occurredMs + random.int(3, 400)).toISOString(),
    };
  });
}
