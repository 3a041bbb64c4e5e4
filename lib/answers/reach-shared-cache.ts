import { setTimeout as sleep } from "node:timers/promises";
import type { SharedCache } from "../audit-db/cache/types.ts";
import { openSharedCache } from "../engines/open-shared-cache.ts";

/** A process that has just started is not connected yet: waits until the second level answers or is known to be away. */
export async function reachSharedCache(
  shared: SharedCache | undefined = openSharedCache(),
  withinMs = 2_000,
): Promise<void> {
  const until = Date.now() + withinMs;
  while (shared?.stats().state === "connecting" && Date.now() < until) {
    // The first question is what connects.
    await shared.facts();
    await sleep(20);
  }
}
