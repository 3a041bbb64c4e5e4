import type { Page } from "@playwright/test";
import { createToken } from "./support/api-token.ts";
import { openSession } from "./support/open-session.ts";
import { expectAccessible, expectNoOverflow } from "./support/page-checks.ts";
import { addPerson } from "./support/people.ts";
import { expect, test } from "./support/test.ts";
import { world } from "./support/world.ts";

const unique = Date.now().toString(36);
const person = `patient-${unique}`;
const officer = { email: `officer-${unique}@example.test`, password: "correct-horse-officer-7" };
const second = { email: `second-${unique}@example.test`, password: "correct-horse-second-7" };
let officers: Promise<unknown> | undefined;

test.beforeEach(({ console }) => {
  officers ??= Promise.all(
    [officer, second].map((who) => addPerson(console, { ...who, role: "privacy_officer" })),
  );
  return officers.then(() => {});
});

/** Events of the person as an application hands them in. */
async function append(policies: string[], more: object = {}): Promise<void> {
  const token = await createToken(`e2e privacy ${Math.random()}`, { scope: "append" });
  const events = policies.map((retentionPolicy) => ({
    organizationId: `privacy-${unique}`,
    action: "record.viewed",
    status: "success",
    retentionPolicy,
    actor: { id: person, name: `Paula ${unique}` },
    ...more,
  }));
  const response = await fetch(`${world().address}/api/v1/targets/audit/events`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify({ events }),
  });
  expect(response.status).toBe(200);
}

async function lookUp(page: Page): Promise<void> {
  await page.getByLabel("The person's id, as the application writes it").fill(person);
  await page.getByRole("button", { name: "Look up" }).click();
}

const policyRow = (page: Page, name: string) => page.getByRole("row").filter({ hasText: `${name} on audit` });

test("a person's policies are shown, their data restricted, and one policy erased by two officers", async ({
  page,
  signIn,
  newPage,
  auditSql,
  console,
}) => {
  test.setTimeout(240_000);
  await append(["standard", "standard", "minimal"]);
  // So that the law lets it go at once.
  await auditSql`update retention_policy set floor_days = 0 where name = 'minimal'`;
  try {
    await signIn(officer, "/audit/privacy");
    await lookUp(page);
    await expect(policyRow(page, "standard")).toContainText("law keeps it until");
    await expect(policyRow(page, "standard")).toContainText("2");
    await expect(policyRow(page, "minimal")).toContainText("may go now");
    await expect(page).toHaveURL((url) => !url.href.includes(person));
    await expectAccessible(page);
    await expectNoOverflow(page);

    await page.getByRole("button", { name: "Restrict", exact: true }).click();
    const restrict = page.getByRole("dialog", { name: "Restrict this person's data" });
    await restrict.getByLabel("Reason").fill("asked for, case 4711");
    await expectAccessible(page);
    await restrict.getByRole("button", { name: "Restrict" }).click();
    await expect(page.getByText("Their events leave every list")).toBeVisible();
    const viewer = await newPage();
    await openSession(viewer, world().people.viewer);
    await viewer.goto(`/audit/events?organization=privacy-${unique}`);
    await expect(viewer.locator("#events")).toContainText("No matching events");
    await page.getByRole("button", { name: "Lift", exact: true }).click();
    const lift = page.getByRole("dialog", { name: "Lift the restriction" });
    await lift.getByLabel("Reason").fill("decided, case 4711");
    await lift.getByRole("button", { name: "Lift restriction" }).click();
    await expect(page.getByText("Not restricted")).toBeVisible();
    await viewer.reload();
    await expect(viewer.locator("#events tbody tr")).toHaveCount(3);

    await policyRow(page, "minimal").getByRole("button", { name: "Erase" }).click();
    const erase = page.getByRole("dialog", { name: "Erase minimal on audit" });
    await expect(erase.getByRole("button", { name: "Ask for a second person" })).toBeDisabled();
    await erase.getByLabel("Reason").fill("Art. 17, case 4711");
    await erase.getByLabel("Type erase minimal on audit to confirm").fill("erase minimal on audit");
    await erase.getByRole("button", { name: "Ask for a second person" }).click();
    await expect(erase).toHaveCount(0);
    const [asked] = await console.sql`
      select input::text as input, object_id as object from approval where requested_by_name = ${officer.email}`;
    expect(asked?.object).toBe("minimal");
    expect(asked?.input).not.toContain(person);

    const other = await newPage();
    await openSession(other, second);
    await other.goto("/settings/approvals");
    await other.getByRole("row").filter({ hasText: officer.email }).click();
    await other.getByRole("button", { name: "Approve and run" }).click();
    await other
      .getByRole("dialog", { name: "Approve “Erase a person's events”" })
      .getByRole("button", { name: "Approve and run" })
      .click();
    await expect(other.getByText("“Erase a person's events” was approved and is done")).toBeVisible();

    await page.reload();
    await expect(page.locator("#erasures")).toContainText("key closed", { timeout: 60_000 });
    await lookUp(page);
    await expect(policyRow(page, "minimal")).toContainText("being erased");
    await expect(policyRow(page, "standard")).toContainText("readable");
  } finally {
    await auditSql`update retention_policy set floor_days = 90 where name = 'minimal'`;
  }
});

test("a value is taken out of an event by two officers; the row stays, and its leaf verifies", async ({
  page,
  signIn,
  newPage,
  auditSql,
  console,
}) => {
  test.setTimeout(240_000);
  const organizationId = `redacted-${unique}`;
  const mail = `ada-${unique}@example.test`;
  await append(["standard"], { organizationId, outcome: "sent", details: { note: `call ${mail}` } });
  const address = `/audit/events?range=1h&organization=${organizationId}`;
  const open = async (of: Page) => {
    await of.goto(address);
    await of.locator("#events tbody tr").first().getByRole("button").click();
    return of.getByRole("dialog").first();
  };

  const viewer = await newPage();
  await openSession(viewer, world().people.viewer);
  const seen = await open(viewer);
  await expect(seen).toContainText(mail);
  await expect(seen.getByRole("button", { name: "Redact values" })).toHaveCount(0);

  await signIn(officer, "/audit/privacy");
  const sheet = await open(page);
  await sheet.getByRole("button", { name: "Redact values" }).click();
  const dialog = page.getByRole("dialog", { name: "Redact values of this event" });
  // What is null cannot be taken out.
  await expect(dialog.getByRole("checkbox")).toHaveCount(3);
  await expect(dialog.getByRole("checkbox", { name: "Correlation id" })).toHaveCount(0);
  await dialog.getByRole("checkbox", { name: "Details" }).click();
  await dialog.getByRole("checkbox", { name: "Actor's ciphertext" }).click();
  await dialog.getByLabel("Reason").fill("an address in the note, case 4712");
  await expect(dialog.getByRole("button", { name: "Ask for a second person" })).toBeDisabled();
  await dialog.getByLabel("Type redact 1 event on audit to confirm").fill("redact 1 event on audit");
  await expectAccessible(page);
  await expectNoOverflow(page);
  await dialog.getByRole("button", { name: "Ask for a second person" }).click();
  await expect(dialog).toHaveCount(0);

  const other = await newPage();
  await openSession(other, second);
  await other.goto("/settings/approvals");
  await other
    .getByRole("row")
    .filter({ hasText: officer.email })
    .filter({ hasText: "Redact values of events" })
    .click();
  await other.getByRole("button", { name: "Approve and run" }).click();
  await other
    .getByRole("dialog", { name: "Approve “Redact values of events”" })
    .getByRole("button", { name: "Approve and run" })
    .click();
  await expect(async () => {
    const [row] = await auditSql`
      select details ? 'redacted' and actor_personal is null as gone, outcome from audit_log
      where organization_id = ${organizationId}`;
    expect(row).toEqual({ gone: true, outcome: "sent" });
  }).toPass({ timeout: 60_000 });

  // The ledger's entry says what was done to which event, and no value; it opens and closes by keys.
  const [redacted] =
    await auditSql`select id::text as id from audit_log where organization_id = ${organizationId}`;
  const entryOf = async () =>
    (await console.sql`select entry from privacy_ledger where facts ->> 'id' = ${redacted?.id}`)[0]?.entry;
  await expect.poll(entryOf).toBeDefined();
  const entry = await entryOf();
  await page.goto("/audit/privacy");
  const row = page.locator("#ledger").locator(`tr[data-key="${entry}"]`);
  await expect(row).toContainText("Removed from one event under standard: details, actor's ciphertext");
  await row.getByRole("button").press("Enter");
  const told = page.getByRole("dialog", { name: `Entry #${entry} of the ledger` });
  await expect(told).toContainText("Redaction on audit");
  await expect(told).toContainText(String(redacted?.id));
  await expect(told).not.toContainText(mail);
  await expectAccessible(page);
  await page.keyboard.press("Escape");
  await expect(told).toHaveCount(0);
  await expect(row.getByRole("button")).toBeFocused();

  const after = await open(page);
  await expect(after).toContainText("redacted");
  await expect(after).not.toContainText(mail);
  await expect(after).toContainText("leaf matches, redacted");
});

test("a hold is placed by one and released by another, and a viewer sees how many there are", async ({
  page,
  signIn,
  newPage,
}) => {
  const name = `2026/${unique}`;
  await signIn(officer, "/audit/privacy");
  await page.getByRole("button", { name: "Place a hold" }).click();
  const dialog = page.getByRole("dialog", { name: "Place a legal hold" });
  await expect(dialog.getByRole("button", { name: "Place hold" })).toBeDisabled();
  await dialog.getByLabel("Case").fill(name);
  await dialog.getByLabel("Why").fill("demanded by the court, case 99");
  await dialog.getByLabel("Organisations").fill(`held-${unique}`);
  await expect(dialog).toContainText(`It covers events of held-${unique}`);
  await expectAccessible(page);
  await dialog.getByRole("button", { name: "Place hold" }).click();
  await expect(dialog).toHaveCount(0);
  const row = (of: Page) => of.locator("#holds").getByRole("row").filter({ hasText: name });
  await expect(row(page)).toContainText("in force");
  await row(page).getByRole("button").first().click();
  await expect(page.getByRole("dialog")).toContainText("You placed it: somebody else must release it");

  const viewer = await newPage();
  await openSession(viewer, world().people.viewer);
  await viewer.goto("/audit/privacy");
  await expect(viewer.locator("#hold-counts")).toContainText("in force");
  await expect(viewer.locator("main")).not.toContainText(name);
  await expect(viewer.getByRole("button", { name: "Look up" })).toHaveCount(0);

  const other = await newPage();
  await openSession(other, second);
  await other.goto(page.url());
  await other.getByRole("button", { name: "Release hold" }).click();
  const release = other.getByRole("dialog", { name: /^Release hold #/ });
  await release.getByLabel("Reason").fill("the case 99 was decided");
  await release.getByRole("button", { name: "Release hold" }).click();
  await expect(row(other)).toHaveCount(0);
  await expect(row(page)).toHaveCount(0);
});
