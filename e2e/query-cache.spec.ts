import type { Page } from "@playwright/test";
import { Redis } from "ioredis";
import { getCacheSettings } from "../lib/buffers/get-cache-settings.ts";
import { startRedisAgain, stopRedis } from "./support/redis-outage.ts";
import { openSecondProcess, type SecondProcess } from "./support/second-process.ts";
import { expect, test } from "./support/test.ts";
import { world } from "./support/world.ts";

const panel = (page: Page, id: string) => page.locator(`#${id}`);
const digits = (text: string | null) => Number((text ?? "").replace(/\D/g, ""));
let redis: Redis;
let other: SecondProcess;

test.beforeAll(async () => {
  redis = new Redis(world().redisUrl, { retryStrategy: () => 200 });
  redis.on("error", () => {});
  other = await openSecondProcess();
});
test.afterAll(async () => {
  await startRedisAgain();
  await other?.close();
  redis.disconnect();
});

/** Answers of a statement that stand in Redis at this moment. */
async function answersOf(statement: string): Promise<number> {
  const keys = await redis.zrange(`audit-db:index:audit:${statement}`, "0", "-1");
  const there = await Promise.all(keys.map((key) => redis.keys(`audit-db:answer:*:${key}`)));
  return there.flat().length;
}

/** An answer that only this process asks for: the page cannot bring it back by itself. */
async function keepAnswer(statement: string): Promise<void> {
  await other.engine.read({
    name: statement,
    ttlMs: 300_000,
    source: "none",
    run: (sql) => sql`select 1 as one`,
  });
  await expect.poll(() => answersOf(statement)).toBe(1);
}

const topic = (page: Page, name: string) => panel(page, "cache-contents").locator(`tr[data-key="${name}"]`);

test("Redis's figures are the server's own, and the page's reads find answers of another process there", async ({
  page,
  signIn,
}) => {
  test.slow();
  await signIn("viewer", "/audit/caches?refresh=2s");
  const box = panel(page, "redis");
  await expect(box.getByText("up", { exact: true })).toBeVisible({ timeout: 30_000 });
  const info = await redis.info();
  const say = (name: string) => new RegExp(`^${name}:(.*?)\\r?$`, "m").exec(info)?.[1] ?? "";
  await expect(box).toContainText(say("redis_version"));
  await expect(box).toContainText("of 64 MB");
  await expect(box).toContainText("allkeys-lru");
  const used = digits(await box.locator("dt", { hasText: "Memory" }).locator("..").getAttribute("title"));
  expect(Math.abs(used / Number(say("used_memory")) - 1)).toBeLessThan(0.2);
  await expect(box).not.toContainText("maxmemory");

  // Once nobody has an answer and the other process asks first, its answer is nearer to the page than the server.
  await page.goto("/audit/caches?refresh=2s&contents=caches");
  const foundThere = async () =>
    digits(await topic(page, "caches.settings").locator("td").nth(6).getAttribute("title"));
  await expect(topic(page, "caches.settings")).toBeVisible();
  const foundBefore = await foundThere();
  await expect(async () => {
    await other.engine.dropAnswers({ tags: ["caches"] });
    await getCacheSettings(other.engine);
    await expect.poll(foundThere, { timeout: 5_000 }).toBeGreaterThan(foundBefore);
  }).toPass({ timeout: 40_000 });
  const found = Number(/keyspace_hits:(\d+)/.exec(await redis.info("stats"))?.[1]);
  const shown = (await box.locator("dt", { hasText: "Answered" }).locator("..").textContent()) ?? "";
  const answered = Number(/(\d[\d,]*) of/.exec(shown.replace(/^.*?%/, ""))?.[1]?.replace(",", ""));
  expect(answered).toBeGreaterThan(0);
  expect(answered).toBeLessThanOrEqual(found);
  // Two samples of ten seconds later the waterfall has it, too.
  const picture = panel(page, "waterfall").getByRole("img");
  await expect(picture).toHaveAccessibleName(
    /Redis: (?:away[^·]*· )?(?!0 %)[\d.]+ % answered · [\d.]+ of [\d.,k]+ reads/,
    {
      timeout: 40_000,
    },
  );
});

test("an operator drops a statement's answers from Redis and from every process, on record", async ({
  page,
  signIn,
  console,
}) => {
  test.slow();
  await keepAnswer("e2e.kept");
  await keepAnswer("e2e.other");
  await signIn("operator", "/audit/caches?refresh=2s&contents=e2e");
  await expect(topic(page, "e2e.kept").locator("td").nth(3)).toHaveText("1", { timeout: 30_000 });
  const heldByOther = () =>
    other.engine.stats().cache.statements.find(({ name }) => name === "e2e.kept")?.entries ?? 0;
  expect(heldByOther()).toBe(1);
  await topic(page, "e2e.kept").getByRole("button", { name: "Drop answers of e2e.kept" }).click();
  await expect(page.getByText("Answers of e2e.kept are dropped in every process")).toBeVisible();
  expect([await answersOf("e2e.kept"), await answersOf("e2e.other")]).toEqual([0, 1]);
  await expect.poll(heldByOther).toBe(0);
  await expect(topic(page, "e2e.kept")).toHaveCount(0);

  await topic(page, "e2e").getByRole("button", { name: "Drop answers of e2e" }).click();
  await expect.poll(() => answersOf("e2e.other")).toBe(0);
  const entries = await console.sql`
    select outcome, actor_name as who, target, object_id as object, detail from activity
    where action = 'cache.drop' and detail ? 'which' order by id desc limit 2`;
  const who = world().people.operator.email;
  expect(entries).toMatchObject([
    { outcome: "success", who, target: "audit", object: "e2e", detail: { entriesShared: 1 } },
    { outcome: "success", who, target: "audit", object: "e2e.kept", detail: { entriesShared: 1 } },
  ]);
});

test("dropping all is asked first", async ({ page, signIn }) => {
  await keepAnswer("e2e.all");
  await signIn("operator", "/audit/caches?refresh=off");
  await panel(page, "cache-contents").getByRole("button", { name: "Drop all" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog).toContainText("Nothing is lost");
  expect(await answersOf("e2e.all")).toBe(1);
  await dialog.getByRole("button", { name: "Drop all answers" }).click();
  await expect(page.getByText(/All answers of audit are dropped in every process/)).toBeVisible();
  expect(await answersOf("e2e.all")).toBe(0);
});

test("a viewer sees what is held, and no verb", async ({ page, signIn }) => {
  await signIn("viewer", "/audit/caches");
  await expect(topic(page, "caches")).toBeVisible();
  await expect(panel(page, "cache-contents").getByRole("button", { name: /Drop/ })).toHaveCount(0);
});

test("topics open, stand in the address with the order, and survive a reload", async ({ page, signIn }) => {
  await signIn("viewer", "/audit/caches");
  await topic(page, "caches").getByRole("button", { expanded: false }).click();
  await expect(page).toHaveURL(/contents=caches/);
  await panel(page, "cache-contents").getByRole("button", { name: "Runs" }).click();
  await expect(page).toHaveURL(/contents-sort=misses\.desc/);
  await page.reload();
  await expect(topic(page, "caches.settings")).toBeVisible();
  await expect(panel(page, "cache-contents").locator("th", { hasText: "Runs" })).toHaveAttribute(
    "aria-sort",
    "descending",
  );
});

test("Redis killed: the page says since when and why, everything answers, and it comes back by itself", async ({
  page,
  signIn,
}) => {
  test.slow();
  await signIn("operator", "/audit/caches?refresh=2s");
  const box = panel(page, "redis");
  await expect(box.getByText("up", { exact: true })).toBeVisible({ timeout: 30_000 });
  await stopRedis();
  await expect(box).toContainText(/Redis is away since \d\d:\d\d: /, { timeout: 40_000 });
  await expect(box).toContainText("Start the server that REDIS_URL names");
  await expect(box).toContainText("of 64 MB");
  await expect(panel(page, "waterfall")).toContainText("Redis is away");
  await expect(panel(page, "cache-contents")).toContainText("Redis cannot be asked now");
  // A read that nobody has asked for lately, and a page that was not open.
  await page.goto("/audit/partitions?refresh=2s");
  await expect(page.locator("tr[data-key]").first()).toBeVisible();
  await page.goto("/audit/caches?refresh=2s");
  await expect(panel(page, "settings")).toContainText("work_mem");
  await expect(panel(page, "relations").locator("tr[data-key]").first()).toBeVisible();
  await topic(page, "caches").getByRole("button", { name: "Drop answers of caches" }).click();
  await expect(page.getByText(/the other processes could not be told: Redis does not answer/)).toBeVisible();
  await expect(page.getByText(/Retry the job once Redis answers/)).toBeVisible();

  await startRedisAgain();
  await expect(box.getByText("up", { exact: true })).toBeVisible({ timeout: 30_000 });
  await expect(box).not.toContainText("away since");
});
