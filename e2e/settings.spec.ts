import type { Browser, Page, Request } from "@playwright/test";
import postgres from "postgres";
import { sendSignInForm } from "./support/open-session.ts";
import { expectAccessible, expectNoOverflow } from "./support/page-checks.ts";
import { addPerson } from "./support/people.ts";
import { expect, test } from "./support/test.ts";
import { type Person, type World, world } from "./support/world.ts";

const unique = () => Date.now().toString(36);

/** Somebody else's browser. */
async function elsewhere(browser: Browser, person: Person, path: string): Promise<Page> {
  const page = await (await browser.newContext({ baseURL: world().address })).newPage();
  await page.goto(`/sign-in?callbackUrl=${encodeURIComponent(path)}`);
  await sendSignInForm(page, person);
  await page.waitForURL((url) => !url.pathname.startsWith("/sign-in"));
  return page;
}

/** The same call of a server action, from another browser. */
async function replay(page: Page, original: Request): Promise<string> {
  const {
    "next-action": action = "",
    "content-type": contentType = "",
    accept = "",
  } = await original.allHeaders();
  const answer = await page.request.post("/settings/users", {
    headers: { "next-action": action, "content-type": contentType, accept, origin: world().address },
    data: original.postDataBuffer() ?? "",
  });
  return answer.text();
}

async function createPerson(
  page: Page,
  email: string,
  name: string,
): Promise<{ password: string; request: Request }> {
  await page.goto("/settings/users");
  await page.getByRole("button", { name: "Add a person" }).click();
  await page.getByLabel("E-mail").fill(email);
  await page.getByLabel("Name").fill(name);
  const sent = page.waitForRequest(
    (request) => request.method() === "POST" && (request.postData() ?? "").includes(email),
  );
  await page.getByRole("button", { name: "Create the account" }).click();
  const request = await sent;
  const password = await page.locator("[data-secret]").innerText();
  await page.getByRole("button", { name: "I've saved it" }).click();
  await expect(page.getByRole("row").filter({ hasText: email })).toContainText("one-time password");
  return { password, request };
}

/** The console's own events in the target's audit log. */
async function auditRows(
  { auditUrl }: World,
  action: string,
  objectId: string,
): Promise<{ actorToken: string; whole: string; status: string }[]> {
  const sql = postgres(auditUrl, { max: 1 });
  const rows = await sql<{ actorToken: string; whole: string; status: string }[]>`
    select actor_token as "actorToken", status, audit_log::text as "whole" from audit_log
    where action = ${action} and target_id = ${objectId} and occurred_at > now() - interval '5 minutes' order by occurred_at desc`;
  await sql.end();
  return rows;
}

test("a viewer sees targets, checks and sessions, and is refused what only an administrator may do", async ({
  page,
  browser,
  signIn,
  world,
}) => {
  const email = `refused-${unique()}@example.test`;
  await signIn("admin", "/settings/users");
  const asked = page.waitForRequest((request) => (request.postData() ?? "").includes('"users"'));
  const { request: creation } = await createPerson(page, email, "Ruth Refused");
  const reading = await asked;

  const viewer = await elsewhere(browser, world.people.viewer, "/settings");
  await expect(viewer).toHaveURL(/\/settings\/targets$/);
  const nav = viewer.getByRole("navigation", { name: "Settings" });
  await expect(nav.getByRole("link")).toHaveText(["Targets", "Checks", "Sessions", "Approvals"]);
  for (const path of ["users", "tokens", "keys", "activity"]) {
    await viewer.goto(`/settings/${path}`);
    await expect(viewer.getByText("is for administrators")).toBeVisible();
  }
  await viewer.goto("/settings/sessions?whose=all");
  await expect(viewer.getByRole("heading", { name: "Your sessions" })).toBeVisible();

  const refusal = await replay(viewer, creation);
  expect(refusal).toContain("FORBIDDEN");
  expect(refusal).toContain("needs the role Administrator");
  expect(refusal).not.toContain("oneTimePassword");
  const read = await replay(viewer, reading);
  expect(read).toContain("FORBIDDEN");
  expect(read).not.toContain(email);

  await page.goto(`/settings/activity?outcome=refused&q=${encodeURIComponent(world.people.viewer.email)}`);
  await expect(
    page.getByRole("row").filter({ hasText: "tried to create the account" }).first(),
  ).toContainText("refused");
  await viewer.context().close();
});

test("a token made here works until it is revoked, and the audit database hears of it without a name", async ({
  page,
  signIn,
  world,
  console,
}) => {
  const name = `reader-${unique()}`;
  await signIn("admin", "/settings/tokens");
  await page.getByRole("button", { name: "New token" }).click();
  await page.getByLabel("Name").fill(name);
  await page.getByLabel("audit", { exact: true }).click();
  await page.getByRole("button", { name: "Create the token" }).click();
  const secret = await page.locator("[data-secret]").innerText();
  expect(secret).toMatch(/^adb_/);
  await expectAccessible(page);
  await page.getByRole("button", { name: "I've saved it" }).click();
  await expect(page.locator("[data-secret]")).toHaveCount(0);

  const ask = () =>
    fetch(`${world.address}/api/v1/targets`, { headers: { authorization: `Bearer ${secret}` } });
  const answer = await ask();
  expect(answer.status).toBe(200);
  const { data } = (await answer.json()) as { data: { name: string }[] };
  expect(JSON.stringify(data)).toContain("audit");
  expect(JSON.stringify(data)).not.toContain("foreign");

  const row = page.getByRole("row").filter({ hasText: name });
  await row.getByRole("button", { name }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Revoke the token" }).click();
  const confirm = page.getByRole("dialog", { name: `Revoke ${name}` });
  await expect(confirm.getByRole("button", { name: "Revoke the token" })).toBeDisabled();
  await confirm.getByLabel(`Type ${name} to confirm`).fill(name);
  await confirm.getByRole("button", { name: "Revoke the token" }).click();
  await expect(row).toContainText("revoked");
  expect((await ask()).status).toBe(401);

  await page.goto(`/settings/activity?kind=token.&q=${name}`);
  const log = page.locator("#activity");
  await expect(log.getByRole("row").filter({ hasText: `made the API token ${name}` })).toBeVisible();
  await expect(log.getByRole("row").filter({ hasText: `revoked the API token ${name}` })).toBeVisible();
  await expectAccessible(page);
  await page.reload();
  await expect(log.getByRole("row").filter({ hasText: `made the API token ${name}` })).toBeVisible();

  const [token] = await console.sql<{ id: string }[]>`select id from api_tokens where name = ${name}`;
  const told = (action: string) => auditRows(world, action, token?.id ?? "");
  await expect.poll(async () => (await told("console.token.revoke")).length, { timeout: 30_000 }).toBe(1);
  const events = [...(await told("console.token.create")), ...(await told("console.token.revoke"))];
  expect(events).toHaveLength(2);
  for (const event of events) {
    expect(event.actorToken).toMatch(/^console_[0-9a-f]{32}$/);
    expect(event.whole).not.toContain("@");
    expect(event.whole).not.toContain(name);
  }
  await expect(page.locator("#audit-delivery")).toContainText(/\d+ delivered/);
});

test("ending a session signs that browser out at its next request", async ({
  page,
  browser,
  signIn,
  console,
}) => {
  const person = { email: `ended-${unique()}@example.test`, password: "six grey gulls at low tide" };
  await addPerson(console, { role: "operator", ...person });
  const other = await elsewhere(browser, person, "/audit/overview?refresh=2s");
  await signIn("admin", "/settings/sessions?whose=all");
  await expect(page.getByRole("heading", { name: "Everybody's sessions" })).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("searchbox", { name: "Filter sessions" }).fill(person.email);
  const end = page.getByRole("button", { name: `End the session of ${person.email}` });
  await expect(end).toHaveCount(1);
  await end.click();
  await expect(end).toHaveCount(0);
  await expect(other).toHaveURL(/\/sign-in/, { timeout: 40_000 });
  await other.goto("/audit/overview");
  await expect(other).toHaveURL(/\/sign-in\?callbackUrl=/);
  await page.goto("/settings/activity?kind=session.");
  await expect(page.getByRole("row").filter({ hasText: `ended a session of ${person.email}` })).toHaveCount(
    1,
  );
  await other.context().close();
});

test("a new person chooses a password, gets a role, and is shut out when disabled", async ({
  page,
  browser,
  signIn,
}) => {
  const email = `new-${unique()}@example.test`;
  await signIn("admin", "/settings/users");
  const { password } = await createPerson(page, email, "Nia New");
  await expectAccessible(page);

  const theirs = await elsewhere(browser, { email, password }, "/settings/sessions");
  await expect(theirs).toHaveURL(/\/account\/password$/);
  await theirs.goto("/audit/overview");
  await expect(theirs).toHaveURL(/\/account\/password$/);
  const chosen = "a few quiet words 42";
  await theirs.getByLabel("One-time password").fill(password);
  await theirs.getByLabel("New password", { exact: true }).fill(chosen);
  await theirs.getByLabel("New password, once more").fill(chosen);
  await theirs.getByRole("button", { name: "Save password" }).click();
  await expect(theirs).toHaveURL(/\/audit\/overview/);

  const row = page.getByRole("row").filter({ hasText: email });
  await row.getByRole("button", { name: email }).click();
  const sheet = page.getByRole("dialog", { name: "Nia New" });
  await sheet.getByRole("button", { name: /^Role of/ }).click();
  await page.getByRole("menuitemradio", { name: "Operator" }).click();
  await expect(row).toContainText("Operator");
  await sheet.getByRole("button", { name: "Disable the account" }).click();
  const confirm = page.getByRole("dialog", { name: `Disable ${email}` });
  await confirm.getByLabel(`Type ${email} to confirm`).fill(email);
  await confirm.getByRole("button", { name: "Disable the account" }).click();
  await expect(row).toContainText("disabled");
  await theirs.goto("/audit/overview");
  await expect(theirs).toHaveURL(/\/sign-in/);
  await theirs.context().close();

  await page.goto(`/settings/activity?kind=user.&q=${encodeURIComponent(email)}`);
  for (const words of [`created the account ${email}`, `from Viewer to Operator`, `disabled ${email}`])
    await expect(page.locator("#activity").getByRole("row").filter({ hasText: words })).toBeVisible();
});

test("a target's features are told with their evidence and the SQL for what is missing", async ({
  page,
  signIn,
  foreignSql,
}) => {
  await signIn("viewer", "/settings/targets?of=foreign");
  const features = page.locator("#capabilities");
  const feature = (title: string) =>
    features.getByRole("listitem").filter({ has: page.getByText(title, { exact: true }) });
  await expect(feature("pg_stat_statements preloaded")).toContainText("missing");
  await expect(feature("pg_stat_statements preloaded")).toContainText(
    "ALTER SYSTEM SET shared_preload_libraries = 'pg_stat_statements';",
  );
  const [timing] = await foreignSql<
    { setting: string }[]
  >`select current_setting('track_io_timing') as setting`;
  await expect(feature("IO timing")).toContainText(`track_io_timing = ${timing?.setting}`);
  await expect(feature("Role pg_monitor")).toContainText("present");
  await expectAccessible(page);
  await page.reload();
  await expect(page.getByRole("heading", { level: 2, name: "foreign" })).toBeVisible();
  await page.setViewportSize({ width: 390, height: 844 });
  await expectNoOverflow(page);
});

test("the person's menu leads to password and sessions, and out", async ({ page, signIn }) => {
  await signIn("viewer", "/audit/overview");
  const menu = page.getByRole("button", { name: /account of/i });
  await menu.click();
  await page.getByRole("menuitem", { name: "Sessions" }).click();
  await expect(page.getByRole("heading", { name: "Your sessions" })).toBeVisible();
  await expect(page.getByRole("row").filter({ hasText: "this one" })).toHaveCount(1);
  await menu.click();
  await page.getByRole("menuitem", { name: "Change password" }).click();
  await expect(page.getByRole("heading", { name: "Change your password" })).toBeVisible();
  await page.getByRole("link", { name: "Back to the console" }).click();
  await menu.click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await expect(page).toHaveURL(/\/sign-in/);
});

test("the log turns its pages by the last entry, back and forth, and a page has its own address", async ({
  page,
  signIn,
  world,
}) => {
  const actor = `pager-${unique()}`;
  const sql = postgres(world.consoleUrl, { max: 1 });
  await sql`
    insert into activity (id, actor_kind, actor_name, action, outcome)
    select uuidv7(interval '1 ms' * n), 'system', ${actor}, 'sign-out', 'success' from generate_series(1, 120) n`;
  const wanted = await sql<{ id: string }[]>`
    select id from activity where actor_name = ${actor} order by id desc`;
  await sql.end();
  const ids = wanted.map(({ id }) => id);
  const rows = page.locator("#activity tbody tr");
  const shown = () => rows.evaluateAll((all) => all.map((row) => row.getAttribute("data-key")));
  await signIn("admin", `/settings/activity?q=${actor}`);
  await expect.poll(shown).toEqual(ids.slice(0, 50));
  await page.getByRole("button", { name: "Older" }).click();
  await expect.poll(shown).toEqual(ids.slice(50, 100));
  await page.reload();
  await expect.poll(shown).toEqual(ids.slice(50, 100));
  await page.getByRole("button", { name: "Older" }).click();
  await expect.poll(shown).toEqual(ids.slice(100));
  await expect(page.getByRole("button", { name: "Older" })).toBeDisabled();
  await page.goBack();
  await expect.poll(shown).toEqual(ids.slice(50, 100));
  await page.getByRole("button", { name: "Newest" }).click();
  await expect.poll(shown).toEqual(ids.slice(0, 50));
});

test("the signing key is replaced with its phrase, and the old one stays for whoever verifies", async ({
  page,
  signIn,
  world,
}) => {
  const served = async () => {
    const answer = await fetch(`${world.address}/api/v1/keys`);
    const { keys } = (await answer.json()) as { keys: { kid: string; retired_at?: string }[] };
    return keys.map(({ kid, retired_at }) => `${kid} ${retired_at ? "retired" : "active"}`);
  };
  const active = async () => (await served()).filter((key) => key.endsWith(" active"));
  await expect.poll(active, { timeout: 40_000 }).toHaveLength(1);
  const before = await served();
  const [old = ""] = (await active())[0]?.split(" ") ?? [];
  await signIn("admin", "/settings/keys");
  const signing = page.locator("#signing-keys");
  await expect(signing.getByRole("row").filter({ hasText: old })).toContainText("active");
  await expect(page.locator("#master-keys").getByRole("row").filter({ hasText: "active" })).toHaveCount(1);
  await signing.getByRole("button", { name: "Replace the signing key" }).click();
  const confirm = page.getByRole("dialog", { name: "Replace the signing key" });
  await expect(confirm.getByRole("button", { name: "Replace the signing key" })).toBeDisabled();
  await confirm.getByLabel("Type rotate the signing key to confirm").fill("rotate the signing key");
  await expectAccessible(page);
  await confirm.getByRole("button", { name: "Replace the signing key" }).click();
  await expect(signing.getByRole("row").filter({ hasText: old })).toContainText("retired");
  await expect(signing.getByRole("row").filter({ hasText: "active" })).toHaveCount(1);
  await expect.poll(served, { timeout: 40_000 }).toHaveLength(before.length + 1);
  expect(await served()).toContain(`${old} retired`);
  expect(await active()).toHaveLength(1);

  await page.goto("/settings/activity?kind=signing_key.");
  await expect(
    page.locator("#activity").getByRole("row").filter({ hasText: "replaced the signing key" }),
  ).toBeVisible();
});
