import { readFileSync } from "node:fs";
import { DuckDBInstance } from "@duckdb/node-api";
import type { Page } from "@playwright/test";
import { createToken } from "./support/api-token.ts";
import { expect, test } from "./support/test.ts";
import { world } from "./support/world.ts";

const rows = (page: Page) => page.locator("#events tbody tr");
const unique = Date.now().toString(36);
let token: Promise<string> | undefined;

/** Hands events in as an application does. */
async function append(events: object[]): Promise<{ id: string; leaf: string; outcome: string }[]> {
  token ??= createToken(`e2e events ${unique}`, { scope: "append" });
  const response = await fetch(`${world().address}/api/v1/targets/audit/events`, {
    method: "POST",
    headers: { authorization: `Bearer ${await token}`, "content-type": "application/json" },
    body: JSON.stringify({ events }),
  });
  expect(response.status).toBe(200);
  return (await response.json()).events;
}

const event = (more: object = {}) => ({
  organizationId: `e2e-${unique}`,
  action: "record.viewed",
  status: "success",
  ...more,
});

test("the list shows what SQL finds, by page and by filter, and the address keeps the picture", async ({
  page,
  signIn,
  auditSql,
}) => {
  await signIn("viewer", "/audit/events?range=24h&organization=org-3");
  const newest = await auditSql<{ action: string; target: string }[]>`
    select action, target_id as target from audit_log where organization_id = 'org-3'
    order by occurred_at desc, id desc limit 51`;
  await expect(rows(page)).toHaveCount(50);
  await expect(rows(page).first()).toContainText(newest[0]?.target ?? "?");
  await page.getByRole("button", { name: "Older" }).click();
  await expect(rows(page).first()).toContainText(newest[50]?.target ?? "?");
  // The next page begins at its top, and with it whoever uses the keyboard.
  await expect(page.getByRole("heading", { level: 2, name: "Events" })).toBeInViewport();
  await expect(rows(page).first()).toBeInViewport();
  await expect(rows(page).first().locator("a, button").first()).toBeFocused();
  await expect(page).toHaveURL(/before=/);
  const address = page.url();
  await page.goto("about:blank");
  await page.goto(address);
  await expect(rows(page).first()).toContainText(newest[50]?.target ?? "?");
  await page.getByRole("searchbox", { name: "Action, or record.*" }).fill("record.viewed");
  const viewed = await auditSql<{ id: string }[]>`
    select id from audit_log where organization_id = 'org-3' and action = 'record.viewed'
    order by occurred_at desc, id desc limit 50`;
  await expect(page).toHaveURL(/action=record.viewed/);
  // Fifty rows may stand there before and after: which they are tells that the filter is applied.
  const ids = () =>
    rows(page).evaluateAll((all) => all.map((row) => row.getAttribute("data-key")?.split("_").at(-1)));
  await expect.poll(ids).toEqual(viewed.map(({ id }) => id));
  await expect(rows(page).filter({ hasNotText: "record.viewed" })).toHaveCount(0);
});

test("an event that comes in appears by itself", async ({ page, signIn }) => {
  await signIn("viewer", `/audit/events?refresh=2s&organization=e2e-${unique}&action=live.one`);
  await expect(page.getByText("No matching events in this time range")).toBeVisible();
  await append([event({ action: "live.one", targetType: "record", targetId: "just-now" })]);
  await expect(rows(page).first()).toContainText("just-now", { timeout: 40_000 });
});

test("everything the filters find comes out as a file, the same rows as SQL's, and is on record", async ({
  page,
  signIn,
  auditSql,
  console,
}) => {
  const formula = "=HYPERLINK(1)";
  await append(
    Array.from({ length: 60 }, (_, i) =>
      event({ action: "export.me", outcome: i === 0 ? formula : 'a "b", c', details: { i, ratio: 1.5 } }),
    ),
  );
  await signIn("viewer", `/audit/events?range=1h&organization=e2e-${unique}&action=export.me`);
  const expected = await auditSql<{ id: string; outcome: string; details: object; leaf: string }[]>`
    select id, outcome, details, encode(leaf, 'hex') as leaf from audit_log
    where organization_id = ${`e2e-${unique}`} and action = 'export.me' order by occurred_at, id`;
  expect(expected).toHaveLength(60);
  const take = async (format: string) => {
    await page.getByRole("button", { name: "Export", exact: true }).press("Enter");
    await expect(page.getByRole("menu")).toContainText(
      `Every event of the last hour with organisation e2e-${unique}, action export.me`,
    );
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("menuitem", { name: format }).press("Enter"),
    ]);
    expect(download.suggestedFilename()).toMatch(/^audit-events-\d{8}T\d{6}Z-\d{8}T\d{6}Z\.\w+$/);
    return download.path();
  };
  const lines = readFileSync(await take("NDJSON"), "utf8")
    .trimEnd()
    .split("\n");
  expect(
    lines.map((line) => {
      const { id, outcome, details, leaf } = JSON.parse(line);
      return { id, outcome, details, leaf };
    }),
  ).toEqual([...expected]);

  const sheet = readFileSync(await take("CSV for spreadsheets"), "utf8")
    .trimEnd()
    .split("\n");
  expect(sheet[0]).toMatch(/^occurredAt,id,/);
  expect(sheet.slice(1).map((line) => line.split(",")[1])).toEqual(expected.map(({ id }) => id));
  expect(sheet.join("\n")).toContain(`,'${formula},`);

  const parquet = await take("Parquet");
  const duckdb = await (await DuckDBInstance.create(":memory:")).connect();
  const found = await duckdb.runAndReadAll(
    `select id, outcome, details, lower(hex(leaf)) from read_parquet('${parquet}')`,
  );
  expect(
    found.getRowsJson().map(([id, outcome, details, leaf]) => [id, outcome, JSON.parse(`${details}`), leaf]),
  ).toEqual(expected.map(({ id, outcome, details, leaf }) => [id, outcome, details, leaf]));

  const entries = await console.sql<{ n: number; rows: number }[]>`
    select count(*)::int as n, sum((detail ->> 'rows')::int)::int as rows from activity
    where action = 'events.export' and outcome = 'success' and detail ->> 'organization' = ${`e2e-${unique}`}`;
  expect(entries[0]).toEqual({ n: 3, rows: 180 });
});

test("people are tokens to a viewer; whoever handles personal data sees them for a reason, on record", async ({
  page,
  signIn,
  auditSql,
  console,
}) => {
  const name = `Ada Example ${unique}`;
  const [stored] = await append([
    event({ action: "patient.viewed", actor: { id: `staff-${unique}`, name, email: "ada@example.test" } }),
  ]);
  await signIn("viewer", `/audit/events?actor=staff-${unique}`);
  await rows(page).first().getByRole("button").click();
  const sheet = page.getByRole("dialog");
  await expect(sheet.getByText("leaf matches")).toBeVisible();
  await expect(sheet).toContainText(stored?.leaf ?? "?");
  await expect(sheet).toContainText("Stored encrypted");
  await expect(sheet.getByRole("button", { name: "Show who this is" })).toHaveCount(0);
  expect(await page.content()).not.toContain(name);
  const [row] = await auditSql`select audit_log::text as text from audit_log where id = ${stored?.id ?? ""}`;
  expect(row?.text).not.toContain("Ada");

  await expect(page).toHaveURL(/event=/);
  const address = page.url();
  // A page that is left open asks on, and is told that nobody is signed in.
  await page.goto("about:blank");
  await page.context().clearCookies();
  await signIn("admin", address);
  await sheet.getByRole("button", { name: "Show who this is" }).click();
  const question = page.getByRole("dialog", { name: "Show who this is" });
  await question.getByRole("button", { name: "Show", exact: true }).click();
  await expect(question.getByRole("alert")).toContainText("such as “Ticket AUD-1234”");
  await question.getByLabel("Reason").fill("aaaaa");
  await question.getByRole("button", { name: "Show", exact: true }).click();
  await expect(question.getByRole("alert")).toContainText("name the ticket or the request");
  await question.getByLabel("Reason").fill("asked by the person, case 4711");
  await question.getByRole("button", { name: "Show", exact: true }).click();
  await expect(sheet).toContainText(name);
  const [entry] = await console.sql`
    select detail::text as detail, outcome from activity
    where action = 'event.reveal' and object_id = ${stored?.id ?? ""} and outcome = 'success'`;
  expect(entry?.detail).toContain("case 4711");
  expect(entry?.detail).not.toContain("Ada");
});

test("what cannot enter the log waits in quarantine, and goes in once its cause is gone", async ({
  page,
  signIn,
  auditSql,
}) => {
  const [waiting] = await append([event({ occurredAt: "2004-04-04T00:00:00Z" })]);
  expect(waiting?.outcome).toBe("quarantined");
  await signIn("operator", "/audit/events?view=quarantine");
  await expect(page.locator("#quarantine")).toContainText("No partition");
  await auditSql`
    create table audit_log_standard_2004_04 partition of audit_log_standard
    for values from ('2004-04-01 00:00:00+00') to ('2004-05-01 00:00:00+00')`;
  try {
    await page.getByRole("button", { name: "Try again now" }).click();
    await expect(page.getByText(/1 moved into the log/)).toBeVisible();
    const [row] = await auditSql`
      select encode(leaf, 'hex') as leaf from audit_log where id = ${waiting?.id ?? ""}`;
    expect(row?.leaf).toBe(waiting?.leaf);
  } finally {
    await auditSql`drop table audit_log_standard_2004_04`;
  }
});
