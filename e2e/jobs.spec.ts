import type { Page } from "@playwright/test";
import postgres, { type Sql } from "postgres";
import { uuidV7 } from "../lib/audit-db/append/uuid-v7.ts";
import type { ConsoleDb } from "../lib/db/console-db.ts";
import { schema } from "../lib/db/schema.ts";
import { purgeIdempotencyJob } from "../lib/events/jobs.ts";
import { enqueueJob } from "../lib/jobs/enqueue-job.ts";
import { jobChannel } from "../lib/jobs/job-channel.ts";
import { pruneConsoleJob } from "../lib/jobs/prune-console-job.ts";
import { addJob } from "../lib/testing/jobs.ts";
import { expectAccessible, expectNoOverflow, waitForFigures } from "./support/page-checks.ts";
import { expect, test } from "./support/test.ts";
import { world } from "./support/world.ts";

const { title } = purgeIdempotencyJob;
const named = `${title} · audit`;
const operator = { kind: "user", id: "somebody", name: "Olga Operator" } as const;

/** Asks for a real job of the product, which does not end while `hold` holds it. */
const enqueue = ({ db }: ConsoleDb, reason: string) =>
  db.transaction((tx) =>
    enqueueJob(
      { tx, actor: operator, now: new Date() },
      purgeIdempotencyJob,
      { target: "audit" },
      { reason },
    ),
  );

/**
 * Makes what the job deletes take as long as the spec wants, and `release` ends that. A lock would not do: the
 * maintenance connection waits two seconds for one.
 */
async function hold(auditSql: Sql): Promise<void> {
  await auditSql.unsafe(`
    create table if not exists public.e2e_hold (held boolean);
    insert into public.e2e_hold values (true);
    create or replace function public.e2e_wait() returns trigger language plpgsql security definer as $$
    begin
      while exists (select from public.e2e_hold) loop perform pg_sleep(0.05); end loop;
      return old;
    end $$;
    create or replace trigger e2e_wait before delete on public.audit_idempotency
      for each row execute function public.e2e_wait();
    insert into public.audit_idempotency (scope, key, request_digest, results, created_at)
    values ('e2e', 'expired', sha256('expired'), '[]', now() - interval '8 days') on conflict do nothing;`);
}

/** By a client of its own: a test that ran out of time has lost the one it was given. */
async function release(): Promise<void> {
  await withAudit((sql) => sql.unsafe("delete from public.e2e_hold"));
}

async function withAudit(work: (sql: Sql) => Promise<unknown>): Promise<void> {
  const sql = postgres(world().auditUrl, { max: 1, onnotice: () => {} });
  await work(sql);
  await sql.end();
}

/** The job of the specs begins by the clock, too: once an hour, and then it would be it that is held. */
const schedule = ({ sql }: ConsoleDb, enabled: boolean) =>
  sql`update schedule set enabled = ${enabled} where job_name = ${purgeIdempotencyJob.name}`;
test.beforeAll(async ({ console }) => {
  await schedule(console, false);
  // It may have been begun already, for some minutes later.
  await console.sql`delete from job where name = ${purgeIdempotencyJob.name} and state = 'waiting'`;
});
test.afterAll(({ console }) => schedule(console, true));
test.afterAll(() =>
  withAudit(async (sql) => {
    // Whoever still waits for it would keep the trigger from being dropped.
    await sql.unsafe(
      "create table if not exists public.e2e_hold (held boolean); delete from public.e2e_hold",
    );
    await sql.unsafe(`
      drop trigger if exists e2e_wait on public.audit_idempotency;
      drop function if exists public.e2e_wait();
      drop table if exists public.e2e_hold;`);
  }),
);

/** What a running job says, as its worker would write it. */
async function say({ sql }: ConsoleDb, id: string, message: string, done: number): Promise<void> {
  await sql`
    with told as (
      update job set done = ${done}, total = 1000, unit = 'keys', progress_at = clock_timestamp() where id = ${id}
    )
    insert into job_log (job_id, attempt, at, level, message) values (${id}, 1, clock_timestamp(), 'info', ${message})`;
  await sql`select pg_notify(${jobChannel}, ${id})`;
}

const sheetOf = (page: Page) => page.getByRole("dialog", { name: title });
const panelOf = (page: Page, name: string) => page.getByRole("region", { name, exact: true });
const running = (console: ConsoleDb, id: string) =>
  expect
    .poll(async () => (await console.sql`select state from job where id = ${id}`)[0]?.state, {
      timeout: 30_000,
    })
    .toBe("running");

test("a job that runs tells its progress and lines as they come, also to whoever comes back, and its end", async ({
  page,
  signIn,
  auditSql,
  console,
}) => {
  await hold(auditSql);
  try {
    await signIn("operator", "/audit/jobs?refresh=2s");
    const { id } = await enqueue(console, "Ticket AUD-1234");
    const row = panelOf(page, "Running and waiting").getByRole("row").filter({ hasText: title });
    await expect(row).toContainText("running", { timeout: 30_000 });
    await expect(row).toContainText("Olga Operator");
    await row.getByRole("button").click();
    await expect(page).toHaveURL(new RegExp(`job=${id}`));
    const sheet = sheetOf(page);
    await expect(sheet).toContainText("Ticket AUD-1234");
    await say(console, id, "Forgot the first keys", 300);
    await expect(sheet.getByText("Forgot the first keys")).toBeVisible();
    await expect(sheet.getByRole("progressbar")).toHaveAttribute("aria-valuenow", "30");
    await expect(sheet).toContainText("300 of 1,000 keys");

    await page.goto("/audit/overview");
    await page.goBack();
    await expect(sheet.getByText("Forgot the first keys")).toBeVisible();
    await say(console, id, "Forgot some more", 450);
    await expect(sheet.getByText("Forgot some more")).toBeVisible();
    await expect(sheet.getByText("Forgot the first keys")).toHaveCount(1);
    await expect(sheet.getByRole("progressbar")).toHaveAttribute("aria-valuenow", "45");

    await release();
    await expect(sheet.getByRole("region", { name: "State" })).toContainText("done", { timeout: 40_000 });
    await expect(sheet.getByRole("region", { name: "Result" })).toContainText("purged");
    await expect(sheet.getByRole("button", { name: /(Cancel|Retry) job/ })).toHaveCount(0);
    await expect(panelOf(page, "Ended").getByRole("row").filter({ hasText: title }).first()).toContainText(
      "done",
    );
  } finally {
    await release();
  }
});

test("a running job is cancelled by name, on record, and its activity leads back to it", async ({
  page,
  signIn,
  auditSql,
  console,
}) => {
  await hold(auditSql);
  try {
    const { id } = await enqueue(console, "Ticket AUD-1235");
    await running(console, id);
    await signIn("operator", `/audit/jobs?job=${id}`);
    const sheet = sheetOf(page);
    await sheet.getByRole("button", { name: "Cancel job" }).click();
    const dialog = page.getByRole("dialog", { name: `Cancel “${named}”` });
    await expect(dialog).toContainText("What it has done stays done");
    await dialog.getByRole("button", { name: "Keep it" }).click();
    await expect(dialog).toHaveCount(0);
    await sheet.getByRole("button", { name: "Cancel job" }).click();
    await dialog.getByRole("button", { name: "Cancel job" }).click();
    await expect(sheet.getByRole("region", { name: "State" })).toContainText(/cancelled\s*by operator/, {
      timeout: 40_000,
    });
    await expect(sheet.getByRole("button", { name: "Retry job" })).toBeVisible();
    await expect(sheet.getByRole("region", { name: "Attempts" })).toContainText("cancelled");
    // A page that is left open asks on, and is told that nobody is signed in.
    await page.goto("about:blank");
    await page.context().clearCookies();
    await signIn("admin", "/settings/activity?kind=job.");
    await page.getByRole("row").filter({ hasText: "cancelled the job" }).first().getByRole("button").click();
    await page.getByRole("link", { name: "Open the job" }).click();
    await expect(page).toHaveURL(new RegExp(`/audit/jobs\\?.*job=${id}`));
    await expect(sheetOf(page)).toContainText("Ticket AUD-1235");
  } finally {
    await release();
  }
});

test("with the keyboard alone: a failed job says what to do, is opened, retried and ends well", async ({
  page,
  signIn,
  console,
}) => {
  const failed = {
    name: purgeIdempotencyJob.name,
    target: "audit",
    input: { target: "audit" },
    attempt: 1,
    failures: 1,
  };
  const at = new Date(Date.now() - 60_000);
  const id = await addJob(console, {
    ...failed,
    id: uuidV7(at.getTime()),
    createdAt: at,
    startedAt: at,
    finishedAt: at,
    state: "failed",
    error: { code: "TIMEOUT", message: "The table was locked.", hint: "See Connections for who holds it." },
  });
  await console.db
    .insert(schema.jobAttempt)
    .values({ jobId: id, attempt: 1, worker: "w:1:1", outcome: "failed" });
  await signIn("operator", "/audit/jobs?state=failed");
  await waitForFigures(page);
  const row = panelOf(page, "Ended").getByRole("row").filter({ hasText: "The table was locked." }).first();
  await row.getByRole("button").focus();
  await page.keyboard.press("Enter");
  const sheet = sheetOf(page);
  await expect(sheet).toContainText("See Connections for who holds it. Retry begins anew");
  await page.keyboard.press("Escape");
  await expect(sheet).toHaveCount(0);
  await expect(row.getByRole("button")).toBeFocused();
  await page.keyboard.press("Enter");
  const retry = sheet.getByRole("button", { name: "Retry job" });
  await retry.focus();
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog", { name: `Retry “${named}”` });
  await expect(dialog).toBeVisible();
  await dialog.getByRole("button", { name: "Retry job" }).focus();
  await page.keyboard.press("Enter");
  await expect(sheet.getByRole("region", { name: "State" })).toContainText("done", { timeout: 30_000 });
  await expect(sheet.getByRole("region", { name: "Log" })).toContainText("Retried by");
  await expect(sheet.getByRole("region", { name: "Attempts" })).toContainText("Attempt 2");
});

test.describe("where its stream cannot be had", () => {
  test.use({ tolerated: /events|Failed to load resource/ });

  test("a job is asked for from time to time", async ({ page, signIn, auditSql, console }) => {
    await hold(auditSql);
    try {
      const { id } = await enqueue(console, "Ticket AUD-1236");
      await running(console, id);
      await page.route(/\/api\/v1\/jobs\/.*\/events/, (route) => route.fulfill({ status: 503, body: "" }));
      await signIn("viewer", `/audit/jobs?job=${id}&refresh=off`);
      const sheet = sheetOf(page);
      await expect(sheet.getByText("asked every 3 s")).toBeVisible();
      await say(console, id, "Forgot them without a stream", 700);
      await expect(sheet.getByText("Forgot them without a stream")).toBeVisible({ timeout: 40_000 });
      await expect(sheet.getByRole("progressbar")).toHaveAttribute("aria-valuenow", "70");
      // A viewer sees and changes nothing.
      await expect(sheet.getByRole("button", { name: "Cancel job" })).toHaveCount(0);
      await expect(sheet).toContainText("need the role Operator");
      await release();
      await expect(sheet.getByRole("region", { name: "State" })).toContainText("done", { timeout: 40_000 });
    } finally {
      await release();
    }
  });
});

test("schedules are paused and resumed; duties name who leads them", async ({ page, signIn }) => {
  await signIn("operator", "/audit/jobs?view=schedules");
  const row = panelOf(page, "Schedules").getByRole("row").filter({ hasText: "console.prune" });
  await expect(row).toContainText("every hour at minute 41");
  await row.getByRole("button").click();
  const sheet = page.getByRole("dialog", { name: pruneConsoleJob.title });
  await expect(sheet.getByRole("region", { name: "Next runs" }).getByRole("listitem")).toHaveCount(5);
  await sheet.getByRole("button", { name: "Pause schedule" }).click();
  await page
    .getByRole("dialog", { name: "Pause console.prune" })
    .getByRole("button", { name: "Pause schedule" })
    .click();
  await expect(sheet).toContainText("None: it is paused.");
  await expect(row).toContainText("paused");
  await sheet.getByRole("button", { name: "Resume schedule" }).click();
  await expect(sheet.getByRole("region", { name: "Next runs" }).getByRole("listitem")).toHaveCount(5);
  await page.keyboard.press("Escape");

  await page.getByRole("tab", { name: "Duties" }).click();
  const duty = panelOf(page, "Duties").getByRole("row").filter({ hasText: "collector · audit" });
  await expect(duty).toContainText("running", { timeout: 30_000 });
  await expect(duty).toContainText(/pid \d+/);
});

test("on a phone the sheet fills the screen, nothing sticks out, and axe is content", async ({
  newPage,
  page: first,
  signIn,
  console,
}) => {
  const at = new Date(Date.now() - 120_000);
  const id = await addJob(console, {
    name: purgeIdempotencyJob.name,
    target: "audit",
    input: { target: "audit" },
    id: uuidV7(at.getTime()),
    createdAt: at,
    startedAt: at,
    finishedAt: at,
    attempt: 1,
    state: "done",
    done: 1_200,
    total: 1_200,
    unit: "keys",
    result: { purged: 1_200 },
  });
  await signIn("viewer", "/sign-in");
  const page = await newPage({
    viewport: { width: 390, height: 844 },
    storageState: await first.context().storageState(),
  });
  await page.goto(`/audit/jobs?job=${id}`);
  const sheet = sheetOf(page);
  await expect(sheet).toContainText("1,200 of 1,200 keys");
  await expectNoOverflow(page);
  await expectAccessible(page);
  const box = await sheet.boundingBox();
  expect([box?.x, box?.width]).toEqual([0, 390]);
  await sheet.getByRole("button", { name: "Close (Esc)" }).click();
  await expect(sheet).toHaveCount(0);
  await expectNoOverflow(page);
  await page.getByRole("navigation", { name: "Pages" }).getByRole("button", { name: "More" }).click();
  await page.getByRole("menuitem", { name: "Jobs" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Jobs");
});
