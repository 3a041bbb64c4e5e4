import { setTimeout as sleep } from "node:timers/promises";
import { Command } from "commander";
import { searchEvents, searchStalenessMs } from "../events/search-events.ts";
import type { EventKey, EventSummary } from "../events/types.ts";
import { action } from "./command.ts";
import { openEventTarget } from "./event-target.ts";
import { type Filters, pickFilters, readable, withFilters, writeEvent } from "./events-search.ts";
import { wholeNumber } from "./partitions.ts";

type TailOptions = Filters & { lines: string; late: string };
type Find = (sinceMs: number, limit: number, before?: EventKey) => ReturnType<typeof searchEvents>;

const pollMs = 1_000;
const pageRows = 2_000;
const dayMs = 86_400_000;

/** `audit-db events tail`: the last events and then each as it comes, until interrupted. */
export function tailCommand(): Command {
  return withFilters(new Command("tail").description("the newest events, and each that comes in after them"))
    .option("--lines <count>", "how many to begin with, 1 to 500", "10")
    .option("--late <seconds>", "how much later than it happened an event may come in and be shown", "10")
    .action(
      action<TailOptions>(async (context, { lines, late, ...filters }) => {
        const audit = openEventTarget(context);
        const count = wholeNumber(lines, "--lines", 500);
        const windowMs = wholeNumber(late, "--late", 3_600) * 1_000 + searchStalenessMs;
        const stop = new AbortController();
        process.once("SIGINT", () => stop.abort()).once("SIGTERM", () => stop.abort());
        const find: Find = (sinceMs, limit, before) => {
          const now = Date.now();
          const range = { from: new Date(now - sinceMs), to: new Date(now + 600_000) };
          return searchEvents(audit, { ...pickFilters(filters), ...range }, { limit, before });
        };
        const show = (event: EventSummary) => {
          writeEvent(context, event);
          context.out.record(event);
        };
        // What is there already is known before the first events are read: none can come in between unseen.
        let known = idsOf(await windowOf(find, windowMs));
        const { events: recent } = readable(await find(dayMs, count));
        for (const event of recent.toReversed()) show(event);
        known = new Set([...known, ...idsOf(recent)]);
        while (!stop.signal.aborted) {
          await sleep(pollMs, undefined, { signal: stop.signal }).catch(() => {});
          const window = await windowOf(find, windowMs);
          for (const event of window.toReversed()) if (!known.has(event.id)) show(event);
          known = idsOf(window);
        }
      }),
    );
}

/**
 * All events of the last moments, newest first: times are those of the happening and transactions end in any order,
 * so what comes in next may stand before what was seen last.
 */
async function windowOf(find: Find, sinceMs: number): Promise<EventSummary[]> {
  const events: EventSummary[] = [];
  for (let before: EventKey | null | undefined; before !== null; ) {
    const page = readable(await find(sinceMs, pageRows, before));
    events.push(...page.events);
    before = page.older;
  }
  return events;
}

const idsOf = (events: readonly EventSummary[]): Set<string> => new Set(events.map(({ id }) => id));
