import { LRUCache } from "lru-cache";
import { createCacheStore } from "../lib/audit-db/cache/store.ts";
import type { CacheEntry } from "../lib/audit-db/cache/types.ts";
import { median, report, step } from "./support/report.ts";

/**
 * Gets a second from the first cache level ÷ from a bare lru-cache with the same number of entries and a time to live.
 * 1,000 keys as the engine makes them, asked for in an order that no cache of the processor can guess.
 */
const keys = Array.from({ length: 1_000 }, (_, i) => `${"k".repeat(35)}${String(i).padStart(8, "0")}`);
const order = keys.map((_, i) => keys[(i * 7_919) % keys.length] ?? "");
const gets = 4_000_000;
const rounds = 7;

const entry = (i: number): CacheEntry => ({ value: { rows: [{ i }] }, observedAt: new Date(), costMs: 5 });
const ours = createCacheStore({ maxEntries: 2_000, maxBytes: 64 * 1024 * 1024, staleMs: 3_600_000 });
const bare = new LRUCache<string, CacheEntry>({ max: 2_000, ttl: 3_600_000 });
for (const [i, key] of keys.entries()) {
  ours.set(key, entry(i), "bench.rows", ["bench.rows", "bench"]);
  bare.set(key, entry(i));
}

const rates: { ours: number[]; other: number[] } = { ours: [], other: [] };
for (let round = 0; round <= rounds; round++) {
  const a = rate((key) => ours.get(key));
  const b = rate((key) => bare.get(key));
  step(`round ${round}: ours ${(a / 1e6).toFixed(1)} M/s, lru-cache ${(b / 1e6).toFixed(1)} M/s`);
  // The first warms both sides up.
  if (round === 0) continue;
  rates.ours.push(a);
  rates.other.push(b);
}
report({
  name: "l1",
  ratio: median(rates.ours) / median(rates.other),
  aim: ">= 0.50",
  ours: `${(median(rates.ours) / 1e6).toFixed(1)} M gets/s`,
  other: `lru-cache ${(median(rates.other) / 1e6).toFixed(1)} M gets/s`,
});

function rate(get: (key: string) => CacheEntry | undefined): number {
  let found = 0;
  const began = performance.now();
  for (let i = 0; i < gets; i++) if (get(order[i % order.length] ?? "")) found++;
  const seconds = (performance.now() - began) / 1_000;
  if (found !== gets) throw new Error(`${gets - found} gets found nothing`);
  return gets / seconds;
}
