import { setTimeout as sleep } from "node:timers/promises";
import { Command } from "commander";
import type { EventKey } from "../../audit-log/event-filters.ts";
import { AppError } from "../../errors.ts";
import { searchEvents, searchStalenessMs } from "../../events/search-events.ts";
import type { EventSummary } from "../../events/types.ts";
import { action } from "../command.ts";
import { wholeNumber } from "../output/list-page.ts";
import { openEventTarget } from "./event-target.ts";
import { type Filters, pickFilters, readable, withFilters, writeEvent } from "./events-search.ts";

type TailOptions = Filters & { lines: string; late: string };
type Find = (fromMs: number, limit: number, before?: EventKey) => ReturnType<typeof searchEvents>;

const pollMs = 1_000;
const pageRows = 2_000;
const dayMs = 86_400_000;
/** An event's time may lie this far ahead. */
const aheadMs = 600_000;

/** `audit-db events tail`: the last events and then each as it comes, until interrupted. Waits outages out. */
export function tailCommand(): Command {
  return withFilters(new Command("tail").description("the newest events, and each that comes in after them"))
    .option("--lines <count>", "how many to begin with, 1 to 500", "10")
    .option("--late <seconds>", "how much later than it happened an event may come in and be shown", "10")
    .action(
      action<TailOptions>(async (context, { lines, late, ...filters }) => {
        const audit = openEventTarget(context);
        const count = wholeNumber(lines, "--lines", 500);
        const lateMs = wholeNumber(late, "--late", 3_600) * 1_000 + searchStalenessMs;
        const stop = new AbortController();
        process.once("SIGINT", () => stop.abort()).once("SIGTERM", () => stop.abort());
        const find: Find = (fromMs, limit, before) => {
          const range = { from: new Date(fromMs), to: new Date(Date.now() + aheadMs) };
          return searchEvents(audit, { ...pickFilters(filters), ...range }, { limit, before });
        };
        const show = (event: EventSummary) => {
          writeEvent(context, event);
          context.out.record(event);
        };
        let askedAt = Date.now();
        // What is there already is known before the first events are read: none can come in between unseen.
        const before = await allSince(find, askedAt - lateMs);
        const { events: recent } = readable(await find(askedAt - dayMs, count));
        for (const event of recent.toReversed()) show(event);
        let waiting = false;
        let known = idsOf([...before, ...recent]);
        while (!stop.signal.aborted) {
          await sleep(pollMs, undefined, { signal: stop.signal }).catch(() => {});
          const now = Date.now();
          const events = await allSince(find, askedAt - lateMs).catch((thrown) => waitOut(thrown, waiting));
          waiting = events === undefined;
          if (!events) continue;
          for (const event of events.toReversed()) if (!known.has(event.id)) show(event);
          known = idsOf(events);
          askedAt = now;
        }
      }),
    );
}

/**
 * All events from a moment on, newest first: times are those of the happening and transactions end in any order, so
 * what comes in next may stand before what was seen last.
 */
async function allSince(find: Find, fromMs: number): Promise<EventSummary[]> {
  const events: EventSummary[] = [];
  for (let before: EventKey | null | undefined; before !== null; ) {
    const page = readable(await find(fromMs, pageRows, before));
    events.push(...page.events);
    before = page.older;
  }
  return events;
}

/** What passes is asked again, from where the last answer ended; said once. */
function waitOut(thrown: unknown, said: boolean): undefined {
  if (!(thrown instanceof AppError && thrown.retryable)) throw thrown;
  if (!said) process.stderr.write(`audit-db: ${thrown.message} Waiting for it to pass.\n`);
}

const idsOf = (events: readonly EventSummary[]): Set<string> => new Set(events.map(({ id }) => id));
