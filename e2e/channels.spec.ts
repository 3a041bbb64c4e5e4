import { type Receiver, startReceiver } from "../lib/testing/messages.ts";
import {
  firingIdle,
  leaveTransactionOpen,
  restoreIdle,
  shortenIdle,
} from "./support/forgotten-transaction.ts";
import { sendSignInForm } from "./support/open-session.ts";
import { expectAccessible, expectNoOverflow, waitForFigures } from "./support/page-checks.ts";
import { expect, test } from "./support/test.ts";

/** A round of each duty, and what it takes to be shown. */
const soon = { timeout: 40_000 };
let receiver: Receiver;

test.beforeAll(async ({ console }) => {
  receiver = await startReceiver();
  await shortenIdle(console);
});
test.afterAll(async ({ console }) => {
  await console.sql`delete from channel where name = 'hook'`;
  await console.sql`delete from route`;
  await restoreIdle(console);
  await receiver.close();
});

test("an administrator makes a channel, tries it, and sees where alerts go; what is told leads to the incident", async ({
  page,
  signIn,
  console,
  world,
}) => {
  const forgotten = await leaveTransactionOpen(world, "forgotten-import");
  try {
    await signIn("admin", "/audit/alerts/channels");
    await waitForFigures(page);
    const channels = page.locator("#channels");
    await channels.getByRole("button", { name: "New channel" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("button", { name: /^Kind/ }).click();
    await page.getByRole("menuitemradio", { name: "Webhook" }).click();
    await dialog.getByLabel("Name", { exact: true }).fill("hook");
    await dialog.getByLabel("Address").fill("http://10.0.0.1/hook");
    await dialog.getByRole("button", { name: "Make channel" }).click();
    await expect(dialog.getByRole("alert")).toContainText("10.0.0.1 leads to a private or reserved address");
    await dialog.getByLabel("Address").fill(`${receiver.url}/hook`);
    await dialog.getByRole("button", { name: "Make channel" }).click();
    await expect(page.locator("[data-secret]")).toHaveText(/^whsec_/);
    await page.getByRole("button", { name: "I've saved it" }).click();

    receiver.answer((_request, response) => response.writeHead(401).end("who is that?"));
    await channels.getByRole("button", { name: "Send test" }).click();
    await expect(channels).toContainText(
      "hook did not take the test: 127.0.0.1 answered 401: who is that?",
      soon,
    );
    receiver.answer(200);
    await channels.getByRole("button", { name: "Send test" }).click();
    await expect(channels).toContainText("hook took the test: 200: answered 200", soon);

    const routes = page.locator("#routes");
    const tester = page.locator("#route-tester");
    await expect(tester.getByRole("status")).toContainText("It would go to hook by Everything else");
    await routes.getByRole("button", { name: "New route" }).click();
    await dialog.getByLabel("Name", { exact: true }).fill("Quiet");
    await dialog.getByRole("button", { name: "Add a condition" }).click();
    await dialog.getByRole("button", { name: /^Label of condition 1/ }).click();
    await page.getByRole("menuitemradio", { name: "topic" }).click();
    await dialog.getByLabel("Value of condition 1").fill("replication");
    await dialog.getByRole("button", { name: "Make route" }).click();
    // While it is open nothing behind it takes what is typed.
    await expect(dialog).toBeHidden();
    await tester.getByLabel("Check").fill("replication.lag");
    await expect(tester.getByRole("status")).toContainText(
      "Nobody would be told: Quiet leads to no channel.",
    );

    await routes.getByRole("listitem").last().getByRole("button", { name: "Change" }).click();
    await dialog.getByRole("button", { name: /^First message/ }).click();
    await page.getByRole("menuitemradio", { name: "at once" }).click();
    await dialog.getByRole("button", { name: "Save route" }).click();
    await expect(dialog).toBeHidden();
    await expect(routes.getByRole("listitem").last()).toContainText("to every channel, at once");
    // What is typed outlives a change of the routes.
    await expect(tester.getByLabel("Check")).toHaveValue("replication.lag");

    await expect.poll(() => firingIdle(console), soon).toBeGreaterThan(0);
    const number = await firingIdle(console);
    const link = async () => {
      const bodies = receiver.received.map(
        ({ body }) =>
          JSON.parse(body) as { type: string; data: { link: string; incident: { number: number } | null } },
      );
      return bodies.find(({ data }) => data.incident?.number === number)?.data.link;
    };
    await expect.poll(link, soon).toMatch(new RegExp(`/audit/alerts/${number}$`));
    await expect(
      page
        .locator("#deliveries")
        .getByRole("row")
        .filter({ hasText: `#${number}` }),
    ).toContainText("taken", soon);
    await expectAccessible(page);
    await expectNoOverflow(page);

    // A page that is left open would lead to the sign-in by itself.
    await page.goto("about:blank");
    await page.context().clearCookies();
    await page.goto((await link()) ?? "");
    await sendSignInForm(page, world.people.operator);
    await expect(page.getByRole("article")).toContainText(`#${number}`);
    await expect(page.locator("#told")).toContainText("hook told that it fires");
  } finally {
    await forgotten.end();
  }
});
