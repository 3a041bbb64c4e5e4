import type { Page } from "@playwright/test";
import postgres, { type Sql } from "postgres";
import { defaultPoolLimits } from "../lib/audit-db/limits.ts";
import { createPool } from "../lib/audit-db/pool/pool.ts";
import { understand } from "../lib/audit-db/pool/understand.ts";
import { noCacheStats } from "../lib/testing/no-cache-stats.ts";
import { expectAccessible, expectNoOverflow } from "./support/page-checks.ts";
import { expect, test } from "./support/test.ts";

const panel = (page: Page, id: string) => page.locator(`#${id}`);
const lane = (page: Page, id: string) => page.locator(`[data-lane="${id}"]`);

function open(url: string, application: string, max = 1): Sql {
  return postgres(url, { max, onnotice: () => {}, connection: { application_name: application } });
}

/** A session that holds a table's lock, and another that waits for it; `release` lets both go. */
async function blockSomebody(url: string) {
  const [holder, waiter] = [open(url, "lock-holder"), open(url, "lock-waiter")];
  const reserved = await holder.reserve();
  await reserved`begin`;
  await reserved`lock table audit_quarantine in access exclusive mode`;
  const [own] = await reserved<{ pid: number }[]>`select pg_backend_pid() as pid`;
  const [other] = await waiter<{ pid: number }[]>`select pg_backend_pid() as pid`;
  const waiting = waiter`select count(*) as "password=hunter2" from audit_quarantine`.catch(() => []);
  return {
    holderPid: own?.pid ?? 0,
    waiterPid: other?.pid ?? 0,
    async release() {
      await reserved`rollback`;
      reserved.release();
      await waiting;
      await Promise.all([holder.end(), waiter.end()]);
    },
  };
}

test("who holds connections, and how many are left, are those of the server", async ({
  page,
  signIn,
  auditSql,
  world,
}) => {
  const holders = open(world.auditUrl, "holders", 5);
  try {
    await Promise.all(Array.from({ length: 5 }, () => holders`select pg_sleep(0.2)`));
    await signIn("viewer", "/audit/connections?refresh=2s");
    await expect(panel(page, "holders").locator('[data-group="holders"]')).toContainText("5");
    // Pools open and close connections between the two readings: 4 of tolerance.
    await expect(async () => {
      const [row] = await auditSql<{ used: number }[]>`
        select count(*)::int as used from pg_stat_activity where backend_type = 'client backend'`;
      const text = (await lane(page, "server").textContent()) ?? "";
      const shown = Number(/(\d+) of 57 taken/.exec(text)?.[1]);
      expect(Math.abs(shown - (row?.used ?? 0))).toBeLessThanOrEqual(4);
    }).toPass();
  } finally {
    await holders.end();
  }
  await expect(panel(page, "holders").locator('[data-group="holders"]')).toBeHidden();
});

test("a wait for a lock is the answer, the tree names who blocks whom, the sheet shows the session", async ({
  page,
  signIn,
  world,
}) => {
  const blocked = await blockSomebody(world.auditUrl);
  try {
    await signIn("viewer", "/audit/connections?refresh=2s");
    await expect(panel(page, "pools").locator("[data-waiting]")).toContainText(
      /In the server: 1 connection waits for a lock, the longest for .+\./,
    );
    await expect(panel(page, "pools")).toContainText(`Session ${blocked.holderPid} (lock-holder) holds up 1`);
    const root = panel(page, "blockers").locator(`[data-pid="${blocked.holderPid}"]`);
    await expect(root).toContainText("holds up 1");
    await expect(root).toContainText("AccessExclusiveLock on public.audit_quarantine");
    const waiter = root.locator(`[data-pid="${blocked.waiterPid}"]`);
    await expect(waiter).toContainText(
      /waits for AccessShareLock on public\.audit_quarantine held by pid \d+/,
    );
    await expect(panel(page, "waits")).toContainText("Lock · relation");

    await waiter.getByRole("button").click();
    const sheet = page.getByRole("dialog", { name: `Session ${blocked.waiterPid}` });
    await expect(sheet).toContainText("waits for a lock");
    await expect(sheet.locator("pre").first()).toContainText("from audit_quarantine");
    await expect(sheet).not.toContainText("hunter2");
    await expect(page).toHaveURL(new RegExp(`session=${blocked.waiterPid}`));
    await page.reload();
    await expect(sheet).toContainText("waits for a lock");
    await page.keyboard.press("Escape");
    await expect(sheet).toBeHidden();
    await expect(page).not.toHaveURL(/session=/);
  } finally {
    await blocked.release();
  }
  await expect(panel(page, "blockers")).toContainText("No lock waits");
});

test("a transaction left open stands in the list, opens with Enter, and → goes to the next", async ({
  page,
  signIn,
  world,
}) => {
  const clients = [open(world.auditUrl, "forgetful-1"), open(world.auditUrl, "forgetful-2")];
  const sessions = await Promise.all(clients.map((client) => client.reserve()));
  try {
    for (const session of sessions) {
      await session`begin`;
      await session`select 'left open'`;
    }
    await signIn("viewer", "/audit/connections?refresh=2s&transactions=idle");
    const transactions = panel(page, "transactions");
    await expect(transactions.getByRole("heading")).toHaveText("Idle in transaction");
    const rows = transactions.locator("tbody tr[data-key]").filter({ hasText: "forgetful" });
    await expect(rows).toHaveCount(2);
    await rows.first().getByRole("button").focus();
    await page.keyboard.press("Enter");
    const sheet = page.getByRole("dialog", { name: /^Session \d+$/ });
    await expect(sheet).toContainText("select 'left open'");
    await expect(sheet.getByRole("link", { name: "Its figures over time" })).toHaveAttribute(
      "href",
      /\/audit\/queries\/\d+%2F\d+%2F-?\d+%2F1/,
    );
    const first = await sheet.getByRole("heading", { name: /^Session/ }).textContent();
    await page.keyboard.press("ArrowRight");
    await expect(sheet.getByRole("heading", { name: /^Session/ })).not.toHaveText(first ?? "");
    await expect(panel(page, "holders").locator('[data-group="forgetful-1"]')).toContainText(
      "1 idle in transaction",
    );
  } finally {
    for (const session of sessions) {
      await session`rollback`;
      session.release();
    }
    await Promise.all(clients.map((client) => client.end()));
  }
});

test("an operator ends a forgotten session for a reason; a viewer cannot", async ({
  page,
  signIn,
  world,
}) => {
  const url = new URL(world.auditUrl);
  // Nobody but a superuser ends a superuser's session.
  url.username = "application_login";
  url.password = "e2e";
  const client = open(url.href, "left-alone");
  try {
    const session = await client.reserve();
    await session`begin`;
    const [self] = await session<{ pid: number }[]>`select pg_backend_pid() as pid`;
    await signIn("viewer", `/audit/connections?refresh=2s&transactions=idle&session=${self?.pid}`);
    const sheet = page.getByRole("dialog", { name: `Session ${self?.pid}` });
    await expect(sheet).toContainText("idle in transaction");
    await expect(sheet.getByRole("button", { name: "End session" })).toBeHidden();

    await signIn("operator", `/audit/connections?refresh=2s&transactions=idle&session=${self?.pid}`);
    await sheet.getByRole("button", { name: "End session" }).click();
    const dialog = page.getByRole("dialog", { name: `End session ${self?.pid} (left-alone)` });
    await expect(dialog.locator("pre")).toContainText("select pg_backend_pid()");
    await dialog.getByRole("button", { name: "End session" }).click();
    await expect(dialog).toContainText("say why in at least two words");
    await dialog.getByLabel("Reason").fill("Ticket AUD-77 holds vacuum back");
    await dialog.getByRole("button", { name: "End session" }).click();
    await expect(page.getByText(`Session ${self?.pid} ended`)).toBeVisible();
    await expect(sheet).toContainText("Its transaction has ended");
  } finally {
    await client.end({ timeout: 0 });
  }
});

test("the console's own sessions are left out until they are asked for", async ({
  page,
  signIn,
  auditSql,
}) => {
  // Somebody else, who stays.
  await auditSql`select 1`;
  await signIn("viewer", "/audit/connections?refresh=2s&by=user");
  const own = panel(page, "holders").locator('[data-group="watch_login"]');
  await expect(panel(page, "holders").getByRole("tab", { name: "User" })).toHaveAttribute(
    "aria-selected",
    "true",
  );
  await expect(panel(page, "holders").locator("[data-group]").first()).toBeVisible();
  await expect(own).toBeHidden();
  await page.getByRole("switch", { name: "Hide the console's own" }).click();
  await expect(page).toHaveURL(/own=show/);
  await expect(own).toBeVisible();
  await page.reload();
  await expect(own).toBeVisible();
});

test("the pools of this product's processes report, and a missing pooler says how to add one", async ({
  page,
  signIn,
}) => {
  await signIn("viewer", "/audit/connections?refresh=2s&range=15m");
  const pools = panel(page, "application-pools");
  await expect(pools.locator("tbody tr").filter({ hasText: "watch" }).first()).toContainText("of 2");
  await expect(lane(page, "application")).toContainText(/\d+ of \d+ in use/);
  await expect(lane(page, "application").locator("[data-chart]")).toBeVisible();
  await expect(lane(page, "pooler")).toContainText("AUDIT_POOLER_URL");
  await expect(
    page.locator("#server-states").getByRole("img", { name: "Server connections by state" }),
  ).toBeVisible();
});

test("a process that reports no more is said to be silent, with its last figures, and counts no longer", async ({
  page,
  signIn,
  world,
  console: { sql },
}) => {
  const pool = createPool({
    purpose: "maintenance",
    address: understand(world.auditUrl),
    limits: defaultPoolLimits.maintenance,
    applicationName: "gone",
  });
  const engines = { audit: { pools: [pool.stats()], cache: noCacheStats } };
  const [gone] = await sql<{ id: string }[]>`
    insert into history.instance (instance_id, kind, host, pid, started_at, heartbeat_at, engines)
    values (gen_random_uuid(), 'worker', 'gone.example', 4711, now() - interval '1 day',
            now() - interval '2 minutes', ${sql.json(engines as never)})
    returning instance_id as id`;
  try {
    await signIn("viewer", "/audit/connections?refresh=2s&range=15m");
    const row = panel(page, "application-pools").locator("tbody tr").filter({ hasText: "4711" });
    await expect(row).toContainText("silent since");
    await expect(lane(page, "application")).toContainText("1 silent");
  } finally {
    await sql`delete from history.instance where instance_id = ${gone?.id ?? null}`;
    await pool.close();
  }
});

test("a stranger's server is watched the same way, and what our role may not see is said", async ({
  page,
  signIn,
  foreignSql,
}) => {
  const [row] = await foreignSql<{ count: number }[]>`
    select count(*)::int as count from pg_stat_activity where application_name = 'e2e'`;
  await signIn("viewer", "/foreign/connections?refresh=2s");
  await expect(lane(page, "server")).toContainText(/\d+ of 57 taken/);
  await expect(panel(page, "holders").locator('[data-group="e2e"]')).toContainText(String(row?.count));
});

test("on a phone and in the dark it can be read, and axe finds nothing grave", async ({
  page,
  signIn,
  world,
}) => {
  const blocked = await blockSomebody(world.auditUrl);
  try {
    await signIn("viewer", "/audit/connections?refresh=2s");
    await expect(panel(page, "blockers").locator("[data-pid]").first()).toBeVisible();
    await expect(panel(page, "application-pools").locator("tbody tr").first()).toBeVisible();
    await expectAccessible(page);
    await page.evaluate(() => localStorage.setItem("audit-db.theme", "dark"));
    await page.setViewportSize({ width: 390, height: 844 });
    await page.reload();
    await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
    await expect(panel(page, "blockers").locator("[data-pid]").first()).toBeVisible();
    await expect(panel(page, "application-pools").locator("tbody tr").first()).toBeVisible();
    await expectAccessible(page);
    await expectNoOverflow(page);
  } finally {
    await blocked.release();
  }
});
