import { readFileSync } from "node:fs";
import type { Locator, Page } from "@playwright/test";
import type { ConsoleDb } from "../lib/db/console-db.ts";
import { passKeyMinute } from "../lib/testing/pass-key-minute.ts";
import { sessionCookie } from "./support/actions.ts";
import { createToken } from "./support/api-token.ts";
import { openSession } from "./support/open-session.ts";
import { expectAccessible, expectNoOverflow } from "./support/page-checks.ts";
import { addPerson } from "./support/people.ts";
import { setTestController } from "./support/seed-privacy.ts";
import { expect, test } from "./support/test.ts";
import { world } from "./support/world.ts";

// From receipt to certificate each runs several jobs, one after the other.
test.describe.configure({ timeout: 240_000 });

const unique = Date.now().toString(36);
const first = { email: `first-${unique}@example.test`, password: "correct-horse-first-7" };
const second = { email: `other-${unique}@example.test`, password: "correct-horse-other-7" };
const workMs = 90_000;
let officers: Promise<unknown> | undefined;

test.beforeEach(({ console }) => {
  officers ??= Promise.all(
    [first, second].map((who) => addPerson(console, { ...who, role: "privacy_officer" })),
  );
  return officers.then(() => {});
});

/** Events of a person as an application hands them in. */
async function append(person: string, policies: string[]): Promise<void> {
  const token = await createToken(`e2e requests ${Math.random()}`, { scope: "append" });
  const events = policies.map((retentionPolicy) => ({
    organizationId: `requests-${unique}`,
    action: "record.viewed",
    status: "success",
    retentionPolicy,
    actor: { id: person, name: `Rita ${unique}` },
  }));
  const response = await fetch(`${world().address}/api/v1/targets/audit/events`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify({ events }),
  });
  expect(response.status).toBe(200);
}

const dialogOf = (page: Page, name: string | RegExp) => page.getByRole("dialog", { name });
const state = (page: Page) => page.getByRole("article", { name: /^Request #/ });
const step = (page: Page): Locator => page.locator("[data-next]");

/** Takes a request in by the form and leads to its page. @returns its number */
async function takeIn(page: Page, kind: string, person: string, organization = ""): Promise<number> {
  await page.goto("/audit/privacy/requests");
  await page.getByRole("button", { name: "Take in a request" }).first().click();
  const dialog = dialogOf(page, "Take in a request");
  await expect(dialog.getByRole("button", { name: "Take in request" })).toBeDisabled();
  await dialog.locator("label", { hasText: kind }).click();
  await dialog.getByRole("textbox", { name: "Identifier 1" }).fill(person);
  await dialog.getByLabel("Name", { exact: true }).fill(`Rita ${unique}`);
  await dialog.getByLabel("Contact").fill(`rita-${unique}@example.test`);
  await dialog.getByRole("checkbox", { name: "audit" }).check();
  await dialog.getByLabel("Organisations").fill(organization);
  await expectAccessible(page);
  await dialog.getByRole("button", { name: "Take in request" }).click();
  await expect(page).toHaveURL(/\/privacy\/requests\/\d+/);
  await expect(page).toHaveURL((url) => !url.href.includes(person));
  return Number(new URL(page.url()).pathname.split("/").at(-1));
}

/** Confirms who asks and has counted what there is, until a decision is awaited. */
async function countFor(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Record the identity check" }).click();
  const identity = dialogOf(page, /^Record the identity check/);
  await identity.getByLabel("Note").fill("came from the account");
  await identity.getByRole("button", { name: "Record the check" }).click();
  await expect(state(page)).toHaveAttribute("data-state", "verified");
  await page.getByRole("button", { name: "Count what there is" }).click();
  await expect(state(page)).toHaveAttribute("data-state", "decision_pending", { timeout: workMs });
}

/** Five minutes after the sign-in the password is asked for again, which is another test's question. */
async function staySure({ sql }: ConsoleDb): Promise<void> {
  await sql`
    update sessions set reauthenticated_at = now()
    where user_id in (select id from users where email in (${first.email}, ${second.email}))`;
}

/** The letter as the page hands it out. */
async function letterOf(page: Page, number: number, form: "pdf" | "html"): Promise<Buffer> {
  const download = page.waitForEvent("download");
  await page.locator("#letter").getByRole("button", { name: form.toUpperCase() }).click();
  const file = await download;
  expect(file.suggestedFilename()).toBe(`request-${number}-letter.${form}`);
  return readFileSync(await file.path());
}

/** Records the answer and closes. */
async function answerAndClose(page: Page, number: number): Promise<void> {
  await page.getByRole("button", { name: "Record the answer" }).click();
  await dialogOf(page, `Record the answer to request #${number}`)
    .getByRole("button", { name: "Record the answer" })
    .click();
  await page.getByRole("button", { name: "Close request" }).click();
  await dialogOf(page, `Close request #${number}`).getByRole("button", { name: "Close request" }).click();
  await expect(state(page)).toHaveAttribute("data-state", "closed");
  await expect(page.locator("#certificate")).toContainText("Certificate", { timeout: workMs });
}

test("access, from receipt to certificate, by two people", async ({ page, signIn, newPage, console }) => {
  const person = `rita-access-${unique}`;
  await append(person, ["standard", "standard", "minimal"]);
  await signIn(first, "/audit/privacy");
  await expect(page.locator("#deadlines")).toBeVisible();
  const number = await takeIn(page, "Access", person, `requests-${unique}`);
  await expect(page.locator("#person")).not.toContainText(`Rita ${unique}`);
  await page.getByRole("button", { name: "Show who asks" }).click();
  await expect(page.locator("[data-person]")).toContainText(`Rita ${unique}`);
  await expectAccessible(page);
  await countFor(page);
  await expect(page.locator("#scope")).toContainText("3 events on audit");
  await expect(step(page)).toContainText("somebody else must decide it");
  await expect(page.getByRole("button", { name: "Decide" })).toBeDisabled();

  const other = await newPage();
  await openSession(other, second);
  await other.goto(`/audit/privacy/requests/${number}`);
  await other.getByRole("button", { name: "Decide" }).click();
  const decide = dialogOf(other, `Decide request #${number}`);
  await expect(decide.locator("[data-sums]")).toContainText("3");
  await expectAccessible(other);
  await decide.getByRole("button", { name: "Approve request" }).click();
  await expect(state(other)).toHaveAttribute("data-state", "approved");
  // Nobody answers for it yet: what is handed out could not say who does.
  await expect(step(other)).toContainText("No controller is set for it");
  await expect(other.getByRole("button", { name: `Carry out #${number}` })).toBeDisabled();
  await expectAccessible(other);
  await setTestController(other, `requests-${unique}`);
  await other.reload();
  await other.getByRole("button", { name: `Carry out #${number}` }).click();
  await dialogOf(other, `Carry out request #${number}`)
    .getByRole("button", { name: "Make the package" })
    .click();
  await expect(state(other)).toHaveAttribute("data-state", "responding", { timeout: workMs });
  await expect(other.locator("#package")).toContainText("ready");

  await staySure(console);
  await other.getByRole("button", { name: "Show the passphrase" }).click();
  await dialogOf(other, `Show the passphrase of request #${number}`)
    .getByRole("button", { name: "Show it, once" })
    .click();
  await expect(other.locator("[data-secret]")).not.toBeEmpty();
  await other.getByRole("button", { name: "I've saved it" }).click();
  await other.getByRole("button", { name: "Make the download link" }).click();
  await dialogOf(other, `Make the download link of request #${number}`)
    .getByRole("button", { name: "Make the link" })
    .click();
  await expect(other.locator("[data-link]")).toContainText(`/api/v1/privacy/requests/${number}/package`);
  const download = other.waitForEvent("download");
  await other.getByRole("link", { name: "Download now" }).click();
  expect((await download).suggestedFilename()).toBe(`request-${number}.zip`);
  await dialogOf(other, `Package of request #${number}`)
    .getByRole("button", { name: "Close" })
    .last()
    .click();
  await expect(other.locator("#package")).toContainText("downloaded", { timeout: 30_000 });
  await answerAndClose(other, number);
  const saved = other.waitForEvent("download");
  await other.locator("#certificate").getByRole("button", { name: "Download" }).click();
  const bundle = readFileSync(await (await saved).path(), "utf8");
  expect(() => JSON.parse(bundle)).not.toThrow();
  for (const personal of [person, `Rita ${unique}`, `rita-${unique}`]) expect(bundle).not.toContain(personal);
});

test("an erasure in part: a floor and a hold keep some of it, what the hold kept goes when it is released", async ({
  page,
  signIn,
  newPage,
  auditSql,
  console,
}) => {
  const person = `rita-erasure-${unique}`;
  const organization = `requests-${unique}`;
  await append(person, ["standard", "minimal", "confidential"]);
  await auditSql`update retention_policy set floor_days = 0 where name in ('minimal', 'confidential')`;
  const waitAgain = await passKeyMinute(console.sql);
  try {
    await signIn(first, "/audit/privacy");
    await page.waitForLoadState("networkidle");
    await page.getByRole("button", { name: "Place a hold" }).click();
    const hold = dialogOf(page, "Place a legal hold");
    await hold.getByLabel("Case").fill(`2026/${unique}`);
    await hold.getByLabel("Why").fill("demanded by the court");
    await hold.getByLabel("Organisations").fill(organization);
    await hold.getByLabel("Retention policies").fill("confidential");
    await hold.getByRole("button", { name: "Place hold" }).click();
    await expect(hold).toHaveCount(0);

    const number = await takeIn(page, "Erasure", person);
    await countFor(page);
    await expect(page.locator("#scope")).toContainText("1 kept by a floor for now");
    await expect(page.locator("#scope")).toContainText("1 held");

    const other = await newPage();
    await openSession(other, second);
    await other.goto(`/audit/privacy/requests/${number}`);
    await other.getByRole("button", { name: "Decide" }).click();
    const decide = dialogOf(other, `Decide request #${number}`);
    await expect(decide.locator("[data-sums]")).toContainText("Kept for now, erased later");
    const standard = decide.locator('[data-part="standard on audit"]');
    await standard.getByRole("button", { name: "Refuse" }).click();
    await expect(standard).toContainText("Art. 17(3)(b)");
    await decide.getByRole("button", { name: "Approve in part" }).click();
    await expect(state(other)).toHaveAttribute("data-state", "partly_refused");

    await other.getByRole("button", { name: `Carry out #${number}` }).click();
    const execute = dialogOf(other, `Carry out request #${number}`);
    await staySure(console);
    await expect(execute).toContainText("What cannot be undone");
    await expect(execute).toContainText("hold #");
    await expect(execute.getByRole("button", { name: "Destroy and redact" })).toBeDisabled();
    await execute.getByLabel(`Type carry out #${number} to confirm`).fill(`carry out #${number}`);
    await expectAccessible(other);
    await execute.getByRole("button", { name: "Destroy and redact" }).click();
    await expect(state(other)).toHaveAttribute("data-state", /verifying|responding|blocked_by_hold/, {
      timeout: workMs,
    });
    await expect(state(other)).toHaveAttribute("data-state", "responding", { timeout: workMs });
    await expect(other.locator("#execution")).toContainText("destroyed");
    await expect(other.locator("#execution")).toContainText("held back");
    await expect(other.locator("#scan")).toBeVisible();
    expect((await letterOf(other, number, "pdf")).subarray(0, 5).toString()).toBe("%PDF-");
    const letter = String(await letterOf(other, number, "html"));
    for (const said of [`Dear Rita ${unique},`, "Art. 17(3)(b)", "Art. 77", "Art. 79"])
      expect(letter).toContain(said);
    await answerAndClose(other, number);

    await other.goto("/audit/privacy");
    await other
      .locator("#holds")
      .getByRole("row")
      .filter({ hasText: `2026/${unique}` })
      .getByRole("button")
      .first()
      .click();
    await other.getByRole("button", { name: "Release hold" }).click();
    const release = dialogOf(other, /^Release hold #/);
    await release.getByLabel("Reason").fill("the case was decided");
    await release.getByRole("button", { name: "Release hold" }).click();
    await expect(release).toHaveCount(0);
    await other.goto(`/audit/privacy/requests/${number}`);
    await expect(other.locator("#execution")).not.toContainText("held back", { timeout: workMs });
    await expect(other.locator("#certificate")).toContainText("Supplement 1", { timeout: workMs });
    await expect(state(other)).toHaveAttribute("data-state", "closed");
  } finally {
    await waitAgain();
    await auditSql`update retention_policy set floor_days = case name when 'minimal' then 90 else 1825 end where name in ('minimal', 'confidential')`;
  }
});

test("a request that comes twice is told at once, and its clock stands while identity is asked for", async ({
  page,
  signIn,
}) => {
  const person = `rita-twice-${unique}`;
  await signIn(first, "/audit/privacy/requests");
  const number = await takeIn(page, "Erasure", person);
  await page.getByRole("button", { name: "More" }).click();
  await page.getByRole("menuitem", { name: "Ask for proof of identity" }).click();
  const ask = dialogOf(page, /^Ask for proof of identity/);
  await ask.getByLabel("What was asked for").fill("a call back to the number we know");
  await ask.getByRole("button", { name: "Record that it was asked for" }).click();
  await expect(page.locator("[data-deadline]")).toContainText("clock paused");
  await expect(page.locator("#clock")).toContainText("Proof of identity was asked for");

  await page.goto("/audit/privacy/requests");
  await page.getByRole("button", { name: "Take in a request" }).first().click();
  const dialog = dialogOf(page, "Take in a request");
  await dialog.locator("label", { hasText: "Erasure" }).click();
  await dialog.getByRole("textbox", { name: "Identifier 1" }).fill(person.toUpperCase());
  await dialog.getByRole("button", { name: "Take in request" }).click();
  const told = dialogOf(page, /is taken in$/);
  await expect(told.getByRole("link", { name: `request #${number}` })).toBeVisible();
  await told.getByRole("button", { name: /^Open request #/ }).click();
  await page.getByRole("button", { name: "More" }).click();
  await page.getByRole("menuitem", { name: "Mark as duplicate" }).click();
  const mark = dialogOf(page, /as a duplicate$/);
  await mark.getByLabel("Number of the request that goes on").fill(String(number));
  await mark.getByRole("button", { name: "Mark as duplicate" }).click();
  await expect(state(page)).toHaveAttribute("data-state", "duplicate");

  const board = page.locator("#deadlines");
  await page.goto("/audit/privacy");
  await expect(board.locator(`[data-request="${number}"]`)).toContainText("clock paused");
  await board.locator("a[data-request]").first().focus();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/privacy\/requests\/\d+$/);
});

test.describe("a file of requests", () => {
  // The browser tells of the file that is refused.
  test.use({ tolerated: /status of 400.*\/actions\/importRequests/ });

  test("a file with a wrong line is refused whole, with the line named", async ({ page, signIn }) => {
    await signIn(first, "/audit/privacy/requests");
    await page.getByRole("button", { name: "Import CSV" }).first().click();
    const dialog = dialogOf(page, "Import requests from a CSV file");
    const file = (text: string) => ({
      name: "requests.csv",
      mimeType: "text/csv",
      buffer: Buffer.from(text),
    });
    const picker = dialog.getByLabel("File", { exact: true });
    await picker.setInputFiles(file(`kind,id\naccess,csv-1-${unique}\nforget,csv-2-${unique}\n`));
    await dialog.getByRole("button", { name: "Check and take in 2 requests" }).click();
    await expect(dialog).toContainText("Nothing was taken in: 1 line must be mended first.");
    await expect(dialog.locator("[data-wrong]")).toContainText("kind");
    await expectAccessible(page);
    await picker.setInputFiles(file(`kind,id\naccess,csv-1-${unique}\nerasure,csv-2-${unique}\n`));
    await dialog.getByRole("button", { name: "Check and take in 2 requests" }).click();
    await expect(dialog).toHaveCount(0);
    await page.getByRole("tab", { name: "List" }).click();
    await expect(page.locator("#requests")).toContainText("Erasure");
    await expectNoOverflow(page);
  });
});

test("a viewer and an operator see how many there are, and are refused at every door", async ({
  newPage,
}) => {
  for (const who of ["viewer", "operator"] as const) {
    const page = await newPage();
    await openSession(page, world().people[who]);
    await page.goto("/audit/privacy");
    await expect(page.locator("#request-counts")).toContainText("open");
    await expect(page.locator("#deadlines")).toHaveCount(0);
    await page.goto("/audit/privacy/requests");
    await expect(page.locator("#request-counts")).toBeVisible();
    await expect(page.getByRole("button", { name: "Take in a request" })).toHaveCount(0);
    await page.goto("/audit/privacy/requests/1");
    await expect(page.getByText("is for privacy officers")).toBeVisible();
    await page.goto("/settings/requests");
    await expect(page.getByText("is for privacy officers")).toBeVisible();

    const cookie = await sessionCookie(world().people[who]);
    for (const path of ["", "/1", "/1/timeline", "/1/scope", "/1/certificate"]) {
      const answer = await fetch(`${world().address}/api/v1/privacy/requests${path}`, {
        headers: { cookie },
      });
      expect([who, path, answer.status]).toEqual([who, path, 403]);
    }
    const counts = await fetch(`${world().address}/api/v1/privacy/requests/counts`, { headers: { cookie } });
    expect(counts.status).toBe(200);
  }
});
