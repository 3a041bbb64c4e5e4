import { afterAll, beforeAll, expect, test } from "vitest";
import type { AuditDb } from "../audit-db/types.ts";
import { createHistory } from "../collector/history/history.ts";
import { createPartitions } from "../collector/roll-up/maintain-partitions.ts";
import { createCatalogue } from "../collector/sampling/catalogue.ts";
import { writeTotals } from "../collector/sampling/write-totals.ts";
import { createDatabase, type TestDatabase } from "../testing/database.ts";
import { findQueryCacheDrop } from "./find-query-cache-drop.ts";
import { queryCacheSampler } from "./sample-query-cache.ts";

let console: TestDatabase;
/** 10 s of samples, on a slot. */
const now = new Date(Math.floor(Date.now() / 10_000) * 10_000);

beforeAll(async () => {
  console = await createDatabase({ template: "console" });
  await createPartitions(console.sql, new Date());
});
afterAll(() => console.drop());

/** Samples as the collector would have taken them: so many reads each 10 s, and what part of them was answered. */
async function collect(
  target: string,
  fromSeconds: number,
  share: (agoSeconds: number) => number,
): Promise<void> {
  const catalogue = createCatalogue(console.sql);
  const counted = { hits: 0, misses: 0 };
  for (let ago = fromSeconds; ago > 0; ago -= 10) {
    counted.hits += 20 * share(ago);
    counted.misses += 20 * (1 - share(ago));
    const at = now.getTime() - ago * 1_000;
    await writeTotals(console.sql, catalogue, {
      target,
      sampler: queryCacheSampler,
      slot: at,
      at,
      values: { "queryCache.hits": counted.hits, "queryCache.misses": counted.misses },
      countsSince: null,
    });
  }
}

const find = (target: string) =>
  findQueryCacheDrop({ audit: { target } as AuditDb, history: createHistory(console.sql), now });

test("a quarter of an hour is held against what was collected before it", async () => {
  await collect("fallen", 2 * 3_600, (ago) => (ago > 900 ? 0.8 : 0.4));
  await collect("steady", 2 * 3_600, () => 0.8);
  const [fallen, ...rest] = await find("fallen");
  expect(rest).toEqual([]);
  expect(fallen).toMatchObject({ check: "caches.queryCacheDrop", severity: "critical" });
  expect(fallen?.title).toMatch(/answered 40 % of reads in the last 15 min; over the past week it was 80 %/);
  expect(await find("steady")).toEqual([]);
});

test("what was collected for too short a time to compare with says so", async () => {
  await collect("new", 1_000, () => 0.1);
  expect(await find("new")).toMatchObject([
    { severity: "notice", unavailable: { code: "insufficient_data" } },
  ]);
  expect(await find("never")).toEqual([]);
});
