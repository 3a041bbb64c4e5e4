import { expectAccessible, expectNoOverflow, waitForFigures } from "./support/page-checks.ts";
import { expect, test } from "./support/test.ts";

test("ages and settings are the server's, and a phone reaches the page behind More", async ({
  page,
  signIn,
  auditSql,
}) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await signIn("viewer", "/audit/overview");
  const bar = page.getByRole("navigation", { name: "Pages" });
  await expect(bar.getByRole("link")).toHaveText(["Overview", "Connections", "Queries", /^Alerts/]);
  await bar.getByRole("button", { name: "More" }).click();
  await page.getByRole("menuitem", { name: "Maintenance" }).click();
  await expect(page).toHaveURL(/\/audit\/maintenance/);
  await waitForFigures(page);
  await expect(bar.getByRole("button", { name: "More" })).toHaveClass(/text-accent/);
  await expectNoOverflow(page);
  await expectAccessible(page);

  await page.setViewportSize({ width: 1_440, height: 900 });
  const databases = await auditSql<{ name: string }[]>`
    select datname as name from pg_database order by age(datfrozenxid) desc, datname`;
  const ages = page.locator("#database-ages tbody tr[data-key]");
  // The last row is what all of them share.
  await expect(ages).toHaveCount(databases.length + 1);
  await expect(ages).toContainText([...databases.map(({ name }) => name), "shared catalogues"]);
  await expect(page.locator("#sequences")).toContainText("No sequence can end");
  await expect(page.locator("#index-faults")).toContainText("No index is invalid or a duplicate");
  await expect(page.locator("#prepared-transactions")).toContainText("No prepared transaction is open");
  await expect(page.locator("#watched-settings tbody tr", { hasText: "full_page_writes" })).toHaveCount(1);
  await expectNoOverflow(page);
});
