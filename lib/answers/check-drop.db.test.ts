import { afterAll, beforeAll, expect, test } from "vitest";
import type { AuditDb } from "../audit-db/types.ts";
import { createHistory } from "../collector/history/history.ts";
import { createPartitions } from "../collector/roll-up/maintain-partitions.ts";
import { createCatalogue } from "../collector/sampling/catalogue.ts";
import { writeTotals } from "../collector/sampling/write-totals.ts";
import { createDatabase, type TestDatabase } from "../testing/database.ts";
import { lookAt } from "../testing/look.ts";
import { queryCacheDrop } from "./check-drop.ts";
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

const find = (target: string) => {
  // Never asked: the check looks at history alone.
  const audit = { target, status: () => ({ state: "up" }) } as AuditDb;
  return lookAt([queryCacheDrop], {
    audit: { ...audit, engine: audit },
    history: createHistory(console.sql),
    now,
  });
};
const answerOf = async (target: string) => (await find(target))[0]?.answer;

test("a quarter of an hour is held against what was collected before it", async () => {
  await collect("fallen", 2 * 3_600, (ago) => (ago > 900 ? 0.8 : 0.4));
  await collect("steady", 2 * 3_600, () => 0.8);
  const [fallen, ...rest] = (await answerOf("fallen"))?.objects ?? [];
  expect(rest).toEqual([]);
  expect(fallen).toMatchObject({ state: "critical", value: expect.closeTo(0.4, 1) });
  expect(fallen?.words.title).toMatch(
    /answered 40 % of reads in the last 15 min; over the past week it was 80 %/,
  );
  expect((await answerOf("steady"))?.objects).toMatchObject([{ state: "ok", value: expect.closeTo(0, 1) }]);
});

test("what was collected for too short a time to compare with says so", async () => {
  await collect("new", 1_000, () => 0.1);
  expect(await answerOf("new")).toMatchObject({
    complete: false,
    objects: [{ state: "unavailable", unavailable: { code: "insufficient_data" } }],
  });
  expect((await answerOf("never"))?.objects).toMatchObject([{ state: "ok", value: null }]);
});
