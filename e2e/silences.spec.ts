import { openSession } from "./support/open-session.ts";
import { expectAccessible, expectNoOverflow } from "./support/page-checks.ts";
import { addPerson } from "./support/people.ts";
import { expect, test } from "./support/test.ts";

const path = "/audit/alerts/silences";
const reason = `Ticket AUD-${Date.now().toString(36)}, the pooler is moved`;
const window = `Reindex ${Date.now().toString(36)}`;

test.afterAll(async ({ console }) => {
  await console.sql`delete from silence where reason = ${reason}`;
  await console.sql`delete from maintenance_window where name = ${window}`;
});

test("an operator silences a topic by the keyboard, sees beforehand what that means, and ends it", async ({
  page,
  signIn,
  console,
}) => {
  await signIn("operator", path);
  await expect(page.getByRole("heading", { name: "Silences", exact: true })).toBeVisible();
  await expectAccessible(page);

  await page.getByRole("button", { name: "New silence" }).press("Enter");
  const dialog = page.getByRole("dialog", { name: "New silence" });
  const preview = dialog.getByRole("region", { name: "What it silences now" });
  await expect(preview).toContainText("Give every condition a value");
  // What exists is offered while it is typed: checks at once, objects as the other conditions mean them.
  const offered = async (condition: number) => {
    const list = await dialog.getByLabel(`Value of condition ${condition}`).getAttribute("list");
    return dialog
      .locator(`[id="${list}"] option`)
      .evaluateAll((options) => options.map((option) => (option as HTMLOptionElement).value));
  };
  await expect.poll(() => offered(1)).toContain("partitions.guard_trigger");
  await dialog.getByLabel("Value of condition 1").fill("partitions.guard_trigger");
  await dialog.getByRole("button", { name: "Add a condition" }).press("Enter");
  // The database as long as every guard stands, else what is not guarded: others' tests make such.
  await expect(async () => {
    const judged = await console.sql<{ name: string }[]>`
      select distinct case when object ->> 'kind' = 'relation' then concat_ws('.', object ->> 'schema', object ->> 'name')
             else object ->> 'name' end as name
      from check_state where target = 'audit' and check_id = 'partitions.guard_trigger'`;
    expect(judged.length).toBeGreaterThan(0);
    expect(await offered(2)).toEqual(judged.map(({ name }) => name).toSorted());
  }).toPass({ timeout: 30_000 });
  await dialog.getByRole("button", { name: "Remove condition 2" }).press("Enter");
  await dialog.getByLabel("Value of condition 1").fill("no.such");
  await expect(preview).toContainText("No check has such labels: it would silence nothing.");
  await dialog.getByLabel("Comparison of condition 1").press("Enter");
  await page.getByRole("menuitemradio", { name: "is like", exact: true }).click();
  await dialog.getByLabel("Value of condition 1").fill("partitions.*");
  await expect(preview).toContainText(/It means \d+ of \d+ checks\./);
  await expect(preview).toContainText(/Told all the same.*Guard triggers off or missing/);
  // Asking for a second administrator is an administrator's.
  await expect(dialog.getByRole("checkbox")).toHaveCount(0);
  await expectAccessible(page);
  await dialog.getByLabel("Reason").fill(reason);
  await dialog.getByLabel("Reason").press("Enter");
  await expect(dialog).toBeHidden();

  const row = page.getByRole("row").filter({ hasText: reason });
  await expect(row).toContainText("check like partitions.*");
  await expect(row).toContainText("active");
  await expect(row).toContainText(/in (59 min|1 h)/);
  await row.click();
  const sheet = page.getByRole("dialog", { name: "Silence" });
  await sheet.getByRole("button", { name: "End silence" }).click();
  await expect(sheet).toContainText(/, by operator@example\.test/);
  await page.keyboard.press("Escape");
  await expect(row).toHaveCount(0);
  await page.getByRole("button", { name: /^Ended/ }).click();
  await expect(row).toContainText("ended");
});

test("a recurring window shows its next five; everything on this target needs no phrase; a viewer only looks on", async ({
  page,
  newPage,
  signIn,
  world,
}) => {
  await signIn("operator", path);
  await page.getByRole("button", { name: "New window" }).click();
  const dialog = page.getByRole("dialog", { name: "New maintenance window" });
  const next = dialog.getByRole("region", { name: "Next occurrences" });
  await dialog.getByLabel("Name").fill(window);
  await dialog.getByLabel("Begins").fill("61 * * * *");
  await expect(next).toContainText("names no time");
  await dialog.getByLabel("Begins").fill("30 2 * * 0");
  await dialog.getByLabel("Time zone").fill("Europe/Berlin");
  await dialog.getByLabel("Minutes").fill("90");
  await expect(next).toContainText("every Sunday at 02:30");
  await expect(next.getByRole("listitem")).toHaveCount(5);
  await expectAccessible(page);
  await dialog.getByRole("button", { name: "Save window" }).click();
  await expect(dialog).toBeHidden();
  const line = page.getByRole("listitem").filter({ hasText: window });
  await expect(line).toContainText("every Sunday at 02:30, Europe/Berlin, for 90 minutes");
  await expect(line.getByRole("list").getByRole("listitem")).toHaveCount(5);
  await line.getByRole("switch", { name: "On" }).click();
  await expect(line).toContainText("off");

  const viewer = await newPage({ viewport: { width: 390, height: 844 } });

  await openSession(viewer, world.people.viewer);
  await viewer.goto(path);
  await expect(viewer.getByRole("listitem").filter({ hasText: window })).toBeVisible();
  for (const name of ["New silence", "New window", "Change"])
    await expect(viewer.getByRole("button", { name, exact: true })).toHaveCount(0);
  await expectNoOverflow(viewer);
  await expectAccessible(viewer);
});

test("an incident is silenced from its page until it resolves; a guarded silence waits for a second administrator", async ({
  page,
  newPage,
  signIn,
  world,
  console,
}) => {
  const asker = { email: `asker-${Date.now().toString(36)}@example.test`, password: "correct-horse-asker-7" };
  await addPerson(console, { ...asker, role: "admin" });
  await signIn(asker, "/foreign/alerts");
  await page.locator("[data-incident]").first().getByRole("link").first().click();
  const incident = page.getByRole("article");
  await incident.getByRole("button", { name: "Silence", exact: true }).click();
  const dialog = page.getByRole("dialog", { name: /^Silence #\d+$/ });
  const preview = dialog.getByRole("region", { name: "What it silences now" });
  await expect(preview).toContainText(/\d+ alerts? of 1 incident that fires? now\./);
  await expect(dialog.getByRole("button", { name: /^Ends/ })).toContainText(/when #\d+ resolves/);
  await dialog.getByLabel("Reason").fill(reason);
  await dialog.getByRole("button", { name: "Silence", exact: true }).click();
  await expect(dialog).toBeHidden();
  await expect(incident).toContainText("Nobody is told until it resolves");

  await page.goto(path);
  await page.getByRole("button", { name: "New silence" }).click();
  const guarded = page.getByRole("dialog", { name: "New silence" });
  await guarded.getByLabel("Comparison of condition 1").click();
  await page.getByRole("menuitemradio", { name: "is like", exact: true }).click();
  await guarded.getByLabel("Value of condition 1").fill("partitions.*");
  await guarded.getByRole("checkbox").check();
  await guarded.getByLabel("Reason").fill(reason);
  await guarded.getByRole("button", { name: "Ask a second administrator" }).click();
  await expect(guarded).toBeHidden();
  await expect(page.getByRole("row").filter({ hasText: reason }).filter({ hasText: "guarded" })).toHaveCount(
    0,
  );

  const second = await newPage();
  await openSession(second, world.people.admin);
  await second.goto("/settings/approvals");
  await second.getByRole("row").filter({ hasText: asker.email }).click();
  await expect(second.getByRole("dialog")).toContainText(reason);
  await second.getByRole("button", { name: "Approve and run" }).click();
  await second
    .getByRole("dialog", { name: /^Approve/ })
    .getByRole("button", { name: "Approve and run" })
    .click();
  await expect(second.getByText(/was approved and is done/)).toBeVisible();
  await second.goto(path);
  await expect(
    second.getByRole("row").filter({ hasText: reason }).filter({ hasText: "guarded" }),
  ).toContainText("active");
});
