import type { Clock, ClockFacts, ClockInterval } from "./clock.ts";
import { californiaRule } from "./clock-rules/california.ts";
import { euRule } from "./clock-rules/eu.ts";
import type { ClockRule, Period } from "./clock-rules/rule.ts";
import { ukRule } from "./clock-rules/uk.ts";
import { addDays, addMonths, type Day, daysBetween } from "./days.ts";
import { addWorkingDays, rollForward } from "./public-holidays.ts";
import type { Regime } from "./regimes.ts";
import { dayIn, endOfDay } from "./zoned-day.ts";

const clockRules: Record<Regime, ClockRule> = {
  eu: euRule,
  uk: ukRule,
  california: californiaRule,
};

/** How far its clock has been read. */
interface Run {
  /** The day that it counts from. */
  begins: Day;
  /** From (inclusive) and to (exclusive) when it stood. */
  stood: [Day, Day][];
  extended: boolean;
  standing: ClockInterval["kind"] | null;
}

/**
 * Until when a request must be answered. Everything that happens falls on a day of the controller's time zone; where the
 * person is changes nothing.
 *
 * While it stands for something that only the person can give there is no due day. Afterwards the due day is the end of the
 * period, counted from where it begins, plus one day for each midnight that it stood, and only then moved to a working day:
 * asked and answered on one day adds nothing, and days on which it stood twice over count once. What begins after the last
 * day has passed neither stops it nor extends it.
 */
export function readClock(facts: ClockFacts, now: Date): Clock {
  const rule = clockRules[facts.regime];
  const dayOf = (at: Date) => dayIn(facts.timeZone, at);
  const received = dayOf(facts.receivedAt);
  const today = dayOf(now);
  const run: Run = { begins: received, stood: [], extended: false, standing: null };
  const endOf = (period: Period) => {
    const end = addDays(addPeriod(run.begins, period), stoodSince(run));
    return rule.rolls ? rollForward(facts, end) : end;
  };
  const end = () => endOf(run.extended ? rule.extended : rule.period);

  for (const { at, interval } of inOrder(facts, rule)) {
    if (dayOf(at) > end()) continue;
    if (!interval) {
      run.extended = true;
      continue;
    }
    const until = interval.endedAt === null ? later(today, dayOf(at)) : dayOf(interval.endedAt);
    if (rule.begins.includes(interval.kind)) run.begins = later(run.begins, until);
    else run.stood.push([later(received, dayOf(at)), until]);
    if (interval.endedAt === null) run.standing ??= interval.kind;
  }

  const dueOn = run.standing === null ? end() : null;
  const extendBy = endOf(rule.period);
  const { acknowledgeWorkingDays: days } = rule;
  return {
    dueOn,
    dueAt: dueOn === null ? null : endOfDay(facts.timeZone, dueOn),
    standing: run.standing,
    stoodDays: daysBetween(received, run.begins) + stoodSince(run),
    extendBy: run.extended || today > extendBy ? null : extendBy,
    acknowledgeBy: days === null ? null : addWorkingDays(facts, received, days),
  };
}

/** What its rule looks at, as it happened; of what happened at one moment the extension comes last. */
function inOrder({ intervals, extendedAt }: ClockFacts, { pauses, begins }: ClockRule) {
  const told: { at: Date; interval: ClockInterval | null }[] = intervals
    .filter(({ kind }) => pauses.includes(kind) || begins.includes(kind))
    .map((interval) => ({ at: interval.beganAt, interval }));
  if (extendedAt) told.push({ at: extendedAt, interval: null });
  return told.sort((a, b) => a.at.getTime() - b.at.getTime());
}

/** Days on which it stood since it began to count; each of them once. */
function stoodSince({ begins, stood }: Run): number {
  let [days, counted] = [0, begins];
  for (const [from, to] of stood.toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    const first = later(from, counted);
    if (to <= first) continue;
    days += daysBetween(first, to);
    counted = to;
  }
  return days;
}

function addPeriod(day: Day, period: Period): Day {
  return "months" in period ? addMonths(day, period.months) : addDays(day, period.days);
}

const later = (one: Day, other: Day) => (one > other ? one : other);
