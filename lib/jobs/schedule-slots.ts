import { CronExpressionParser } from "cron-parser";

interface Clock {
  cron: string;
  timeZone: string;
}

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/**
 * The parser tells an hour that summer time repeats or leaves out rightly only when it walks into it from before, and
 * only forwards: beginning within it, it names a slot twice or misses one (5.10.6). So it begins three hours early.
 */
const runUpMs = 3 * hourMs;

/** Every moment the expression names after `after`, without end. */
export function* slotsAfter({ cron, timeZone }: Clock, after: Date): Generator<Date, never> {
  // The parser's own words for a wrong zone name a time.
  new Intl.DateTimeFormat("en", { timeZone });
  const currentDate = new Date(after.getTime() - runUpMs);
  const walk = CronExpressionParser.parse(cron, { tz: timeZone, currentDate });
  while (true) {
    const slot = walk.next().toDate();
    if (slot > after) yield slot;
  }
}

/** Looked for among the last hour's slots first: an expression that names each minute has half a million a year. */
const windowsMs = [hourMs, dayMs, 32 * dayMs, 366 * dayMs, Number.POSITIVE_INFINITY];

/** The newest moment the expression names after `after`, up to `until`; null when there is none. */
export function newestSlot(clock: Clock, after: Date, until: Date): Date | null {
  for (const windowMs of windowsMs) {
    const from = new Date(Math.max(after.getTime(), until.getTime() - windowMs));
    let newest: Date | null = null;
    for (const slot of slotsAfter(clock, from)) {
      if (slot > until) break;
      newest = slot;
    }
    if (newest || from <= after) return newest;
  }
  return null;
}
