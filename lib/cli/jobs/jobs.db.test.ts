import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { systemActor } from "../../auth/actor.ts";
import type { ConsoleDb } from "../../db/console-db.ts";
import { schema } from "../../db/schema.ts";
import { enqueueJob } from "../../jobs/enqueue-job.ts";
import { openCommandLine } from "../../testing/command-line.ts";
import { compileCache } from "../../testing/compile-cache.ts";
import { addJob, countingJob, startCounting } from "../../testing/jobs.ts";
import { createConsole } from "../../testing/people.ts";

const main = path.resolve(import.meta.dirname, "../main.ts");
const commandLine = openCommandLine();
const dataDir = mkdtempSync(path.join(tmpdir(), "audit-cli-jobs-"));
let console_: ConsoleDb;
let drop: () => Promise<void>;
let worker: { stop(): Promise<void> };
let environment: NodeJS.ProcessEnv;

beforeAll(async () => {
  const made = await createConsole();
  ({ console: console_, drop } = made);
  worker = startCounting(console_, made.test.url);
  environment = {
    NODE_ENV: "test",
    ...compileCache,
    PATH: process.env.PATH,
    DATA_DIR: dataDir,
    CONSOLE_DATABASE_URL: made.test.url,
    AUDIT_DATABASES: JSON.stringify({ eu: { database_url: "postgres://x@127.0.0.1:1/x" } }),
  };
});
afterAll(async () => {
  await commandLine.close();
  await worker?.stop();
  await drop?.();
  rmSync(dataDir, { recursive: true, force: true });
});

const run = (...args: string[]) => commandLine.run(args, { env: environment });
const json = async (...args: string[]) => JSON.parse((await run(...args, "--json")).stdout);
const enqueue = (input: { to: number; everyMs?: number; failAt?: number }) =>
  console_.db.transaction((tx) =>
    enqueueJob({ tx, actor: systemActor("test"), now: new Date() }, countingJob, input),
  );

test("watch follows a job's lines to its end, and the status says how it ended", async () => {
  const done = await enqueue({ to: 12, everyMs: 50 });
  const watched = await run("jobs", "watch", done.id);
  expect(watched.code).toBe(0);
  expect(watched.stdout.match(/counted \d+/g)).toEqual(
    Array.from({ length: 12 }, (_, n) => `counted ${n + 1}`),
  );
  expect(watched.stdout).toMatch(/test\.count is done: 12 of 12 numbers\.\n$/);

  const failing = await enqueue({ to: 5, failAt: 2 });
  const failed = await run("jobs", "watch", failing.id);
  expect([failed.code, failed.stdout]).toEqual([1, expect.stringContaining("test.count failed:")]);

  const retried = await run("jobs", "retry", failing.id);
  expect([retried.code, retried.stdout]).toEqual([
    0,
    expect.stringContaining("waits again, from its checkpoint"),
  ]);
  const news = (await run("jobs", "watch", failing.id, "--json")).stdout.trim().split("\n");
  expect(JSON.parse(news.at(-1) ?? "")).toMatchObject({ job: { state: "done", attempt: 2 } });
});

test("a watched job that is cancelled ends the watching with 5; an interrupted one goes on", async () => {
  const { id } = await enqueue({ to: 1_000, everyMs: 50 });
  const child = spawn(process.execPath, [main, "jobs", "watch", id], { env: environment });
  let said = "";
  child.stdout.on("data", (chunk) => {
    said += chunk;
  });
  await expect.poll(() => said, { timeout: 30_000 }).toContain("counted 2");
  const ended = new Promise((resolve) => child.once("close", resolve));
  child.kill("SIGINT");
  expect(await ended).toBe(130);
  const watching = run("jobs", "watch", id);
  const cancelled = await run("jobs", "cancel", id);
  expect([cancelled.code, cancelled.stdout]).toEqual([0, `${id} was asked to end.\n`]);
  expect((await watching).code).toBe(5);
  const again = await run("jobs", "cancel", id);
  expect([again.code, again.stderr]).toEqual([5, expect.stringContaining("cancelled")]);
});

test("list and show tell what there is, of a target and in a state", async () => {
  const id = await addJob(console_, {
    name: "events.purge_idempotency",
    target: "eu",
    state: "failed",
    reason: "Ticket AUD-9",
    error: { code: "TIMEOUT", message: "Too slow.", hint: "Try at night." },
  });
  const listed = await json("jobs", "list", "--target", "eu", "--state", "failed", "done");
  expect(listed).toMatchObject([{ id, state: "failed", title: "Purge expired idempotency keys" }]);
  expect((await run("jobs", "list", "--state", "waiting", "--target", "eu")).stdout).toBe("No jobs.\n");
  const shown = await run("jobs", "show", id);
  expect(shown.stdout).toMatch(/why +Ticket AUD-9\n/);
  expect(shown.stdout).toMatch(/error +TIMEOUT: Too slow\. Try at night\.\n/);
  expect(await json("jobs", "show", id)).toMatchObject({ id, error: { code: "TIMEOUT" }, log: [] });
  expect((await run("jobs", "show", "nonsense")).code).toBe(2);
  expect((await run("jobs", "show", "01939d0a-0000-7000-8000-000000000001")).code).toBe(4);
  expect((await run("jobs", "list", "--state", "odd")).code).toBe(2);
});

test("schedules and duties are told; a duty that nobody leads is status 7", async () => {
  await console_.db
    .insert(schema.schedule)
    .values({ name: "console.prune", jobName: "console.prune", input: {}, cron: "41 * * * *" })
    .onConflictDoNothing();
  const schedules = await run("jobs", "schedules");
  expect([schedules.code, schedules.stdout]).toEqual([
    0,
    expect.stringMatching(/console\.prune +console +every hour at minute 41 +UTC/),
  ]);
  const duties = await run("duties");
  expect(duties.code).toBe(7);
  expect(duties.stdout).toMatch(/collector +eu +unled +nobody/);
  const eu = await json("duties", "--target", "eu");
  const unled = { target: "eu", state: "unled", leader: null };
  expect(eu).toMatchObject([
    { duty: "collector", ...unled },
    { duty: "ledger", ...unled },
    { duty: "checks", ...unled },
  ]);
});
