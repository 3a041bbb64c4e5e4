import type { ReadStatement } from "../types.ts";
import { type AnswerCache, tagsOf } from "./answer-cache.ts";
import type { CacheEntry, Lead, SharedEntry } from "./types.ts";

/** Reads dearer than this are run by one process at a time. */
const dearMs = 100;
/** How long an answer stays in the second level: long enough to stand in for a target that went away. */
const keepMs = 15 * 60_000;
const longestLeadMs = 30_000;
const longestWaitMs = 10_000;

export interface Fetch {
  cache: AnswerCache;
  key: string;
  statement: ReadStatement<unknown>;
  /** How old an answer of the second level may be. */
  freshMs: number;
  /** False once something this read may have seen was dropped. */
  stillTrue(): boolean;
  execute(): Promise<unknown>;
}

/** The answer from the second level, from another process's run of a dear read, or from the server. */
export async function fetchAnswer(fetch: Fetch): Promise<CacheEntry> {
  const { cache, key, statement } = fetch;
  const { shared, counts } = cache;
  const stamp = shared?.stampOf(cache.target, tagsOf(statement));
  if (!shared || stamp === undefined) return run(fetch);

  const usable = (entry: SharedEntry | undefined): entry is SharedEntry =>
    entry !== undefined &&
    entry.stamp === shared.stampOf(cache.target, tagsOf(statement)) &&
    Date.now() - entry.observedAt.getTime() < fetch.freshMs;
  const take = (entry: SharedEntry) => {
    counts.add(statement.name, "sharedHits");
    if (fetch.stillTrue()) cache.keep(key, statement, entry);
    return entry;
  };

  let lead: Lead | null | undefined;
  if (!statement.own) {
    const found = await shared.get(key);
    const costMs = counts.costOf(statement.name) ?? found?.costMs ?? 0;
    if (usable(found)) return take(found);
    if (costMs >= dearMs) {
      lead = await shared.lead(key, Math.min(longestLeadMs, 5_000 + 3 * costMs));
      const waitMs = Math.min(longestWaitMs, 1_000 + 3 * costMs);
      const theirs = lead === null ? await shared.awaitAnswer(key, waitMs, usable) : undefined;
      if (theirs) return take(theirs);
    }
  }
  try {
    const entry = await run(fetch);
    if (!fetch.stillTrue()) return entry;
    const place = { target: cache.target, name: statement.name, ttlMs: Math.max(keepMs, fetch.freshMs) };
    // Nobody waits here for the second level; those who wait elsewhere are told once it is stored.
    const held = lead;
    lead = undefined;
    void shared.set(key, { ...entry, stamp }, place).finally(() => held?.release());
    return entry;
  } finally {
    void lead?.release();
  }
}

async function run({ cache, key, statement, stillTrue, execute }: Fetch): Promise<CacheEntry> {
  const observedAt = new Date();
  const began = performance.now();
  cache.counts.add(statement.name, "misses");
  const value = await execute();
  const entry = { value, observedAt, costMs: performance.now() - began };
  cache.counts.ran(statement.name, entry.costMs);
  if (stillTrue()) cache.keep(key, statement, entry);
  return entry;
}
