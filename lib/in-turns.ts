import { setImmediate } from "node:timers/promises";

/** What one turn of the event loop may take, so that a request beside it waits no longer. */
const longestTurnMs = 8;

/** Items one after another; between them others get their turn as soon as those so far took 8 ms. */
export async function* inTurns<Item>(items: Iterable<Item>): AsyncGenerator<Item, void> {
  let since = performance.now();
  for (const item of items) {
    if (performance.now() - since > longestTurnMs) {
      await setImmediate();
      since = performance.now();
    }
    yield item;
  }
}
