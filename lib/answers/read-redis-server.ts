import type { SharedCache } from "../audit-db/cache/types.ts";
import { openSharedCache } from "../engines/open-shared-cache.ts";
import type { RedisServer } from "./query-cache-types.ts";

/** However many panels, viewers and samplers ask, INFO is asked once in this time. */
const keptMs = 5_000;

interface Asked {
  at: number;
  answer: Promise<RedisServer | null>;
}

const asked = new WeakMap<SharedCache, Asked>();
const lastKnown = new WeakMap<SharedCache, RedisServer>();

/** Redis's own limits and use; the last known ones while it cannot be asked, null before the first time. */
export function readRedisServer(
  shared: SharedCache | undefined = openSharedCache(),
): Promise<RedisServer | null> {
  if (!shared) return Promise.resolve(null);
  const known = asked.get(shared);
  if (known && Date.now() - known.at < keptMs) return known.answer;
  const answer = ask(shared);
  asked.set(shared, { at: Date.now(), answer });
  return answer;
}

async function ask(shared: SharedCache): Promise<RedisServer | null> {
  const facts = await shared.facts();
  if (facts) {
    const server = { ...facts, observedAt: new Date(), current: true };
    lastKnown.set(shared, server);
    return server;
  }
  // The first question only opens the connection; and one that is back should be seen at once.
  asked.delete(shared);
  const before = lastKnown.get(shared);
  return before ? { ...before, current: false } : null;
}
