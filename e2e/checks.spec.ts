import type { Page, Request } from "@playwright/test";
import { openSession } from "./support/open-session.ts";
import { expectAccessible, expectNoOverflow, waitForFigures } from "./support/page-checks.ts";
import { expect, test } from "./support/test.ts";

const row = (page: Page, title: string) =>
  page.locator("tr[data-key]").filter({ has: page.getByText(title, { exact: true }) });
const sheet = (page: Page, title: string) => page.getByRole("dialog", { name: title, exact: true });

/** Longer than an evaluation and the page's refresh together. */
const soon = { timeout: 30_000 };

/** The same call of a server action, from another browser. */
async function replay(page: Page, original: Request, origin: string): Promise<string> {
  const { "next-action": action = "", "content-type": type = "", accept = "" } = await original.allHeaders();
  const answer = await page.request.post("/settings/checks", {
    headers: { "next-action": action, "content-type": type, accept, origin },
    data: original.postDataBuffer() ?? "",
  });
  return answer.text();
}

test("an operator's limit makes a green check a warning with the next evaluation; a viewer's hand is refused", async ({
  page,
  newPage,
  signIn,
  world,
  console,
}) => {
  test.setTimeout(240_000);
  await signIn("operator", "/settings/checks?of=audit&topic=connections&refresh=2s");
  await expect(row(page, "Connections used")).toContainText("OK", soon);
  await row(page, "Connections used").getByRole("button").click();
  const open = sheet(page, "Connections used");
  await expect(open).toContainText("Warning from 75 %, critical from 90 %.");
  await open.getByRole("button", { name: "Change limits" }).click();
  const dialog = page.getByRole("dialog", { name: "Limits of Connections used" });
  const warning = dialog.getByLabel("Warning from");
  await expect(warning).toHaveValue("75 %");
  await warning.fill("80");
  await expect(dialog.getByRole("alert")).toHaveText("Write 80 %.");
  await expect(dialog.getByRole("button", { name: "Save limits" })).toBeDisabled();
  await warning.fill("95 %");
  await expect(dialog).toContainText("Critical must be above warning (95 %)");
  await warning.fill("0.1 %");
  await expect(dialog).toContainText("1 object would become a warning");
  await expect(dialog.getByLabel("Over after")).toHaveAttribute("placeholder", /^(at once|\d+ (s|min))$/);
  const patience = dialog.getByLabel("Alerts after");
  await patience.fill("soon");
  await expect(dialog.getByRole("button", { name: "Save limits" })).toBeDisabled();
  await patience.fill("2 min");
  await expect(dialog).toContainText("1 object would become a warning");
  await expectAccessible(page);
  const sent = page.waitForRequest((request) => (request.postData() ?? "").includes("setThreshold"));
  await dialog.getByRole("button", { name: "Save limits" }).click();
  const request = await sent;
  await expect(dialog).toHaveCount(0);
  try {
    await expect(row(page, "Connections used")).toContainText("warning", soon);
    await expect(open).toContainText("Warning from 0.1 %, critical from 90 %.");
    await expect(open).toContainText("Alerts once it was bad for 2 min;");
    await expect(open).toContainText("Set by operator for audit");
    const headers = { authorization: `Bearer ${world.metricsToken}` };
    const metrics = async () => (await fetch(`${world.address}/metrics`, { headers })).text();
    await expect
      .poll(metrics, soon)
      .toContain('audit_db_check_state{target="audit",check="connections.used"} 5\n');
    const [told] = await console.sql`
      select outcome, target, detail from activity where action = 'check.set-threshold' order by id desc limit 1`;
    expect(told).toEqual({
      outcome: "success",
      target: "audit",
      detail: {
        unit: "ratio",
        before: { warning: 0.75, critical: 0.9 },
        after: { warning: 0.001, critical: 0.9 },
        for: 120,
        keepFiringFor: null,
      },
    });

    const viewer = await newPage();
    await openSession(viewer, world.people.viewer);
    await viewer.goto("/settings/checks?check=connections.used&on=audit");
    await expect(sheet(viewer, "Connections used")).toContainText("Set by operator for audit");
    await expect(
      sheet(viewer, "Connections used").getByRole("button", { name: "Change limits" }),
    ).toHaveCount(0);
    const refusal = await replay(viewer, request, world.address);
    expect(refusal).toContain("FORBIDDEN");
    expect(refusal).toContain("needs the role Operator");
  } finally {
    await open.getByRole("button", { name: "Reset" }).click();
  }
  await expect(open).toContainText("The console's own limits.");
  await expect(row(page, "Connections used")).toContainText("OK", soon);
});

test("a check without a figure is made patient; one object of a check is muted until a time, and says so", async ({
  page,
  signIn,
  console,
}) => {
  await signIn("operator", "/settings/checks?check=connections.used&on=audit&refresh=2s");
  const used = sheet(page, "Connections used");
  await used.getByRole("button", { name: "Mute the whole target until …" }).click();
  const mute = page.getByRole("dialog", { name: "Mute the whole target" });
  await expect(mute.getByLabel("Value of condition 1")).toHaveValue("connections.used");
  await expect(mute).toContainText("It means 1 of");
  await mute.getByLabel("Reason").fill("Load test");
  await expectAccessible(page);
  await mute.getByRole("button", { name: "Silence", exact: true }).click();
  await expect(mute).toHaveCount(0);
  try {
    await expect(used).toContainText("muted until", soon);
    const [made] = await console.sql`
      select target, matchers, guarded, round(extract(epoch from ends_at - starts_at))::int as seconds
      from silence order by created_at desc limit 1`;
    expect(made).toEqual({
      target: "audit",
      matchers: [
        { label: "check", is: "=", value: "connections.used" },
        { label: "kind", is: "=", value: "target" },
        { label: "object", is: "=", value: "audit" },
      ],
      guarded: false,
      seconds: 3_600,
    });
  } finally {
    await console.sql`delete from silence`;
  }

  await page.goto("/settings/checks?check=partitions.gap&on=audit&refresh=2s");
  const open = sheet(page, "Gap between partitions");
  await open.getByRole("button", { name: "Change when it alerts" }).click();
  const dialog = page.getByRole("dialog", { name: "When Gap between partitions alerts" });
  await expect(dialog.getByLabel("Warning from")).toHaveCount(0);
  await expect(dialog.getByRole("button", { name: "Save" })).toBeDisabled();
  await dialog.getByLabel("Alerts after").fill("5 min");
  await expectAccessible(page);
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog).toHaveCount(0);
  try {
    await expect(open).toContainText("Alerts once it was bad for 5 min;");
    await page.setViewportSize({ width: 390, height: 844 });
    await open.getByRole("button", { name: "Change when it alerts" }).click();
    await expect(dialog).toBeVisible();
    await expectNoOverflow(page);
    await dialog.getByRole("button", { name: "Cancel" }).click();
  } finally {
    await open.getByRole("button", { name: "Reset" }).click();
  }
  await expect(open).toContainText("It is a condition that is or is not, and has no limits.");
});

test("filters and the open check stand in the address, by mouse and by key", async ({ page, signIn }) => {
  await signIn("viewer", "/settings/checks?refresh=off");
  await expect(row(page, "Connections used")).toHaveCount(2);
  await page.getByRole("button", { name: "Target: Every target" }).click();
  await page.getByRole("menuitemradio", { name: "foreign" }).click();
  await page.getByRole("button", { name: /^unavailable/ }).click();
  await expect(page).toHaveURL(/state=unavailable/);
  await expect(page).toHaveURL(/of=foreign/);
  const states = page.locator("tr[data-key] td:nth-child(2)");
  await expect(states.first()).toHaveText(/^(unavailable|learning)$/);
  const known = ["unavailable", "learning", "not configured"];
  expect((await states.allInnerTexts()).filter((words) => !known.includes(words))).toEqual([]);
  // What nobody set up stands below what cannot be seen.
  await expect(states.last()).toHaveText("not configured");
  await page.reload();
  await expect(states.first()).toHaveText(/^(unavailable|learning)$/);

  await page.keyboard.press("/");
  await page.keyboard.type("slow");
  const slow = row(page, "Slow statements");
  await expect(page.locator("tr[data-key]")).toHaveCount(1);
  await expect(slow).toBeVisible();
  await expect(page).toHaveURL(/checks-q=slow/);
  await page.keyboard.press("Tab");
  await slow.getByRole("button").focus();
  await page.keyboard.press("Enter");
  const open = sheet(page, "Slow statements");
  await expect(open).toContainText("What to do");
  await expect(open.getByRole("button", { name: "Copy what enables it" })).toBeVisible();
  await expect(page).toHaveURL(/check=queries\.slow&on=foreign/);
  await expectAccessible(page);
  await page.reload();
  await expect(open).toContainText("What to do");
  await page.keyboard.press("Escape");
  await expect(open).toHaveCount(0);
  await expect(page).not.toHaveURL(/check=/);
});

test("on a phone the list and a check fit the screen", async ({ page, signIn }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await signIn("viewer", "/settings/checks");
  await waitForFigures(page);
  await expect(row(page, "Connections used").first()).toContainText("audit");
  await expectNoOverflow(page);
  await row(page, "Connections used").first().getByRole("button").click();
  const open = sheet(page, "Connections used");
  await expect(open.getByRole("heading", { name: "Objects" })).toBeVisible();
  await expectNoOverflow(page);
  // The sheet slides in.
  const place = async () => {
    const box = await open.boundingBox();
    return box && { x: Math.round(box.x), width: Math.round(box.width) };
  };
  await expect.poll(place).toEqual({ x: 0, width: 390 });
  await open.getByRole("link", { name: "Open Connections" }).click();
  await expect(page).toHaveURL("/audit/connections#server-states");
});
