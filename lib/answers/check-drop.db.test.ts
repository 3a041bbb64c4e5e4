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
/** A week is read in steps of up to an hour: the moment of judging stands at different places in one. */
const secondsIntoStep = [0, 15 * 60 + 10, 59 * 60 + 50];
const step = 60 * 60_000;
const at = (seconds: number) => new Date(Math.floor(Date.now() / step) * step - step + seconds * 1_000);

beforeAll(async () => {
  console = await createDatabase({ template: "console" });
  await createPartitions(console.sql, at(0));
});
afterAll(() => console.drop());

/** Samples as the collector would have taken them: so many reads each 10 s, and what part of them was answered. */
async function collect(
  target: string,
  now: Date,
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

/** Never asked: the check looks at history alone. */
const engines = new Map<string, AuditDb>();
const engineOf = (target: string): AuditDb => {
  const engine = engines.get(target) ?? ({ target, status: () => ({ state: "up" }) } as AuditDb);
  engines.set(target, engine);
  return { ...engine, engine };
};
const find = (target: string, now: Date) => {
  return lookAt([queryCacheDrop], {
    audit: engineOf(target),
    history: createHistory(console.sql, () => now.getTime()),
    now,
  });
};
const answerOf = async (target: string, now: Date) => (await find(target, now))[0]?.answer;

test.each(secondsIntoStep)(
  "a quarter of an hour is held against what was collected before it, %i s into a step of the week",
  async (seconds) => {
    const now = at(seconds);
    await collect(`fallen ${seconds}`, now, 2 * 3_600, (ago) => (ago > 900 ? 0.8 : 0.4));
    await collect(`steady ${seconds}`, now, 2 * 3_600, () => 0.8);
    const [fallen, ...rest] = (await answerOf(`fallen ${seconds}`, now))?.objects ?? [];
    expect(rest).toEqual([]);
    expect(fallen).toMatchObject({ state: "critical", value: expect.closeTo(0.4, 2) });
    expect(fallen?.words.title).toMatch(
      /answered 40 % of reads in the last 15 min; over the past week it was 80 %/,
    );
    expect((await answerOf(`steady ${seconds}`, now))?.objects).toMatchObject([
      { state: "ok", value: expect.closeTo(0, 2) },
    ]);
    const later = new Date(now.getTime() + 960_000);
    await collect(`fallen ${seconds}`, later, 960, () => 0.8);
    expect((await answerOf(`fallen ${seconds}`, later))?.objects).toMatchObject([{ state: "ok" }]);
  },
);

test("what was collected for too short a time to compare with says so", async () => {
  const now = at(420);
  await collect("new", now, 1_000, () => 0.1);
  expect(await answerOf("new", now)).toMatchObject({
    complete: false,
    objects: [{ state: "unavailable", unavailable: { code: "insufficient_data" } }],
  });
  expect((await answerOf("never", now))?.objects).toMatchObject([{ state: "ok", value: null }]);
});
