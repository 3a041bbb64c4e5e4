import { createHash } from "node:crypto";
import type { Locator, Page } from "@playwright/test";
import { Webhook } from "standardwebhooks";
import { command, pressButton, tabTo } from "./support/keyboard.ts";
import { openSession } from "./support/open-session.ts";
import { expectAccessible } from "./support/page-checks.ts";
import { addPerson } from "./support/people.ts";
import { appender, ask, reached, requestOf, scopeOf, timelineOf } from "./support/requests.ts";
import { setTestController } from "./support/seed-privacy.ts";
import { expect, test } from "./support/test.ts";
import { world } from "./support/world.ts";

// What is refused is told by the browser too.
test.use({ tolerated: /status of 400.*\/actions\/addRequestFile/ });
test.describe.configure({ timeout: 240_000 });

const unique = Date.now().toString(36);
const organization = `dialogs-${unique}`;
const officer = (name: string) => ({
  email: `${name}-${unique}@example.test`,
  password: `correct-horse-${name}-7`,
  role: "privacy_officer" as const,
});
const [first, second] = [officer("dialogs-first"), officer("dialogs-second")];
let officers: Promise<unknown> | undefined;

test.beforeEach(({ console }) => {
  officers ??= Promise.all([first, second].map((who) => addPerson(console, who)));
  return officers.then(() => {});
});

const dialogOf = (page: Page, name: string | RegExp) => page.getByRole("dialog", { name });
const article = (page: Page) => page.getByRole("article", { name: /^Request #/ });

/** A field is refused: what is wrong stands at it, it has the focus, and what was typed is still there. */
async function expectRefused(field: Locator, why: string | RegExp, typed: string): Promise<void> {
  await expect(field).toHaveAttribute("aria-invalid", "true");
  await expect(field).toBeFocused();
  await expect(field).toHaveValue(typed);
  await expect(field).toHaveAccessibleDescription(why);
}

test("who answers and which ticketing system hands in is set, and a request comes in by it", async ({
  page,
  signIn,
}) => {
  await signIn(first, "/settings/requests");
  await page.getByRole("button", { name: "For an organisation" }).click();
  const controller = dialogOf(page, "Who answers for an organisation");
  const field = (name: string) => controller.getByLabel(name, { exact: true });
  const typed: Record<string, string> = {
    Organisation: organization,
    Name: "Dialogs Ltd",
    Address: "1 Dialog Street, Berlin",
    Contact: "privacy@dialogs.example",
    Country: "zz",
    "Time zone": "Mars/Base",
    "Supervisory authority": "The authority",
    Court: "The court",
    Recipients: "One Processor\nAnother Processor",
  };
  for (const [name, text] of Object.entries(typed)) await field(name).fill(text);
  await controller.getByRole("button", { name: "Describe a policy" }).click();
  await field("Purposes").fill("Security");
  const save = controller.getByRole("button", { name: "Save controller" });
  await save.click();
  await expectRefused(field("Time zone"), "must be an IANA time zone, such as Europe/Berlin", "Mars/Base");
  await expect(field("Policy")).toHaveAccessibleDescription("must be a retention policy");
  for (const [name, text] of Object.entries(typed)) await expect(field(name)).toHaveValue(text);
  await expectAccessible(page);
  await field("Time zone").fill("Europe/Berlin");
  await field("Policy").fill("standard");
  await field("How long, as letters say it").fill("three years");
  await save.click();
  await expectRefused(field("Country"), "no public holidays are known of it", "zz");
  await field("Country").fill("de");
  await field("Part of the country").fill("BY");
  await save.click();
  await expect(controller).toHaveCount(0);
  const told = await (await page.request.get("/api/v1/privacy/controllers")).json();
  expect(
    told.data.find((each: { organization: string }) => each.organization === organization),
  ).toMatchObject({
    version: 1,
    changedBy: first.email,
    controller: {
      ...{ name: "Dialogs Ltd", country: "DE", region: "BY", timeZone: "Europe/Berlin" },
      recipients: ["One Processor", "Another Processor"],
      policies: { standard: { basis: "legitimate_interest", purposes: ["Security"] } },
    },
  });

  const name = `tickets-${unique}`;
  const lines = `reference: /ticket/id\nidentifier.id: /ticket/user\norganization: /ticket/org`;
  await page.getByRole("button", { name: "Add a source" }).click();
  const source = dialogOf(page, "Add a source");
  const [nameField, places] = [source.getByLabel("Name"), source.getByLabel("Where things stand")];
  const add = source.getByRole("button", { name: "Add source" });
  await nameField.fill("Tickets!");
  await places.fill(`${lines}\nperson: /ticket/person`);
  await add.click();
  await expectRefused(places, /^Line 4: “person” is no field\./, `${lines}\nperson: /ticket/person`);
  await places.fill(lines);
  await add.click();
  await expectRefused(nameField, /^must be small letters, digits and hyphens/, "Tickets!");
  await nameField.fill(name);
  await source.getByRole("button", { name: "Kind" }).click();
  await page.getByRole("menuitemradio", { name: "Erasure" }).click();
  await add.click();
  const shown = dialogOf(page, `Signing key of ${name}`);
  const key = (await shown.locator("[data-secret]").textContent()) ?? "";
  await shown.getByRole("button").last().click();
  await expect(page.locator("#sources")).toContainText(name);

  const body = JSON.stringify({ ticket: { id: "T-1", user: `dora-${unique}`, org: organization } });
  const at = new Date();
  const handedIn = await fetch(`${world().address}/api/v1/privacy/intake/${name}`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      "webhook-id": `msg_${unique}`,
      "webhook-timestamp": String(Math.floor(at.getTime() / 1000)),
      "webhook-signature": new Webhook(key.trim()).sign(`msg_${unique}`, at, body),
    },
    body,
  });
  expect([handedIn.status, handedIn.ok ? "" : await handedIn.text()]).toEqual([expect.any(Number), ""]);
  const open = await (await page.request.get("/api/v1/privacy/requests")).json();
  const request = open.data.find((each: { reference: string }) => each.reference === "T-1");
  expect(request).toMatchObject({ kind: "erasure", channel: "webhook", organizations: [organization] });
  expect(await requestOf(page, request.number)).toMatchObject({ country: "DE", region: "BY", source: name });
});

test("the law is one click away, a file is kept by its hash, the time is extended, and the whole is refused", async ({
  page,
  signIn,
  newPage,
}) => {
  const other = await newPage();
  await openSession(other, second);
  const person = { identifiers: [{ kind: "id", value: `lena-${unique}` }] };
  const { number } = (await ask(other, "", { kind: "erasure", person })) as { number: number };
  // Nothing on the page changes by itself: what the officer sees may be older than what is.
  await signIn(first, `/audit/privacy/requests/${number}?refresh=off`);

  const law = page.getByRole("button", { name: "Art. 17 and what it allows" });
  await law.click();
  const sheet = dialogOf(page, /^Erasure: Art\. 17/);
  const { data: grounds } = await (await page.request.get("/api/v1/privacy/grounds")).json();
  await expect(sheet).toContainText("Where it stands now");
  await expect(sheet).toContainText("Art. 17(3)(b)");
  await expect(sheet).toContainText(grounds.remedies.eu);
  await expectAccessible(page);
  await page.keyboard.press("Escape");
  await expect(sheet).toHaveCount(0);
  await expect(law).toBeFocused();

  const files = page.locator("#files");
  const picker = files.locator("input[type=file]");
  const file = (buffer: Buffer) => ({ name: `letter of ${unique}.txt`, mimeType: "text/plain", buffer });
  await picker.setInputFiles(file(Buffer.alloc(5 * 1_048_576 + 1)));
  await expect(files.getByRole("alert")).toContainText("A file may have 5 MB at most");
  await picker.setInputFiles(file(Buffer.alloc(0)));
  await expect(files.getByRole("alert")).toContainText("1 byte to 5 MB");
  const letter = Buffer.from(`Bitte löscht alles von mir, ${unique}`);
  const sha256 = createHash("sha256").update(letter).digest("hex");
  await picker.setInputFiles(file(letter));
  await expect(files).toContainText(sha256);
  await expect(files.getByRole("alert")).toHaveCount(0);
  await expect(files).not.toContainText("letter of");
  expect((await requestOf(page, number)).files).toMatchObject([
    { sha256, bytes: letter.length, addedBy: first.email, kept: true },
  ]);

  const before = await requestOf(page, number);
  await page.getByRole("button", { name: "More" }).click();
  await page.getByRole("menuitem", { name: "Extend once" }).click();
  const extend = dialogOf(page, `Extend request #${number}`);
  const reasons = extend.getByLabel("The reasons, as the person was told them");
  await reasons.fill("five systems of ours are searched by hand");
  await ask(other, `${number}/ask-fee`, {});
  await extend.getByRole("button", { name: "Record the extension" }).click();
  await expect(extend.getByRole("alert")).toContainText(`Request #${number}`);
  await expect(reasons).toHaveValue("five systems of ours are searched by hand");
  // It can be sent again once the page behind knows what was changed.
  await expect(page.locator("#timeline")).toContainText("A fee was asked for");
  await extend.getByRole("button", { name: "Record the extension" }).click();
  await expect(extend).toHaveCount(0);
  const extended = await requestOf(page, number);
  expect(extended.extendedAt).not.toBeNull();
  expect(Date.parse(extended.dueAt ?? "") - Date.parse(before.dueAt ?? "")).toBeGreaterThan(55 * 86_400_000);

  const dueOn = extended.dueOn ?? "";
  // On its last day it stands in the calendar, and a key leads from there to it.
  await page.goto(`/audit/privacy/requests?view=calendar&month=${dueOn.slice(0, 7)}&refresh=off`);
  const day = page.getByRole("cell").filter({ hasText: `#${number} Erasure` });
  await expect(day).toContainText(String(Number(dueOn.slice(8))));
  await day
    .getByRole("link", { name: new RegExp(`^Request #${number} Erasure \\d+ days left$`) })
    .press("Enter");
  await expect(page).toHaveURL(new RegExp(`/privacy/requests/${number}(\\?|$)`));
  await page.getByRole("button", { name: "More" }).click();
  await page.getByRole("menuitem", { name: "Refuse as a whole" }).click();
  const refuse = dialogOf(page, `Refuse request #${number}`);
  await refuse.getByRole("button", { name: /^Ground/ }).click();
  await page.getByRole("menuitemradio", { name: /^Art\. 12\(5\)\(b\) GDPR: Excessive/ }).click();
  const ground = grounds.refusals.eu.find((each: { id: string }) => each.id === "eu_12_5_b_excessive");
  await expect(refuse.locator("blockquote")).toContainText(ground.words.en);
  await expect(refuse.locator("blockquote")).toContainText(grounds.remedies.eu);
  expect(grounds.remedies.eu).toMatch(/complaint.*court|judicial/is);
  await refuse.getByLabel("On what it rests").fill("the fourth of the kind this month");
  await expectAccessible(page);
  await refuse.getByRole("button", { name: "Refuse request" }).click();
  await expect(refuse).toHaveCount(0);
  await expect(article(page)).toHaveAttribute("data-state", "refused");
  await expect(page.locator("#decision")).toContainText("Art. 12(5)(b)");
  expect(await requestOf(page, number)).toMatchObject({
    state: "refused",
    decision: { ground: "eu_12_5_b_excessive", parts: [] },
    decidedBy: first.email,
  });
});

test("an access request from intake to certificate with the keyboard alone: counted again, others shown, made again", async ({
  page,
  signIn,
  newPage,
}) => {
  const person = { id: `kim-${unique}`, name: "Kim Keys" };
  const answered = `keys-${unique}`;
  const append = await appender(answered);
  await append(person, 2);
  await signIn(first, "/audit/privacy/requests");
  await setTestController(page, answered);
  await page.waitForLoadState("networkidle");
  await expect(page.getByRole("button", { name: "Take in a request" }).first()).toBeVisible();
  await command(page, "Take in a request");
  const intake = dialogOf(page, "Take in a request");
  await tabTo(page, intake.getByRole("textbox", { name: "Identifier 1" }));
  await page.keyboard.type(person.id);
  await tabTo(page, intake.getByLabel("Organisations"));
  await page.keyboard.type(answered);
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/privacy\/requests\/\d+/);
  const number = Number(new URL(page.url()).pathname.split("/").at(-1));

  // The palette knows what a page offers once the page does.
  await expect(page.getByRole("button", { name: "Record the identity check" })).toBeVisible();
  await command(page, "Record the identity check");
  const identity = dialogOf(page, /^Record the identity check/);
  await expect(identity.getByLabel("Note")).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(identity).toHaveCount(0);
  await pressButton(page, page.getByRole("button", { name: "Record the identity check" }));
  await page.keyboard.type("came from their account");
  await pressButton(page, identity.getByRole("button", { name: "Record the check" }));
  await expect(identity).toHaveCount(0);
  // The focus is where the next step is.
  await expect(page.getByRole("button", { name: "Count what there is" })).toBeFocused();
  await page.keyboard.press("Enter");
  await reached(page, number, "decision_pending");
  await expect(page.locator("#scope")).toContainText("2 events on");
  // The job took the step's button away: the focus stays at the step, and what changed is said.
  await expect(page.locator("[data-next]")).toBeFocused();
  await expect(page.getByRole("status").filter({ hasText: "Waiting for a decision. " })).toHaveCount(1);

  await append(person, 1);
  await page.keyboard.press("Control+k");
  await page.keyboard.type("refresh now");
  await page.keyboard.press("Enter");
  await pressButton(page, page.locator("#scope").getByRole("button", { name: "Count again" }));
  await expect(page.locator("#scope")).toContainText("3 events on");
  expect((await scopeOf(page, number)).targets[0]?.policies).toMatchObject([{ events: 3 }]);

  const other = await newPage();
  await openSession(other, second);
  await other.goto("/audit/overview");
  await other.waitForLoadState("networkidle");
  await command(other, `Request #${number}`);
  await expect(article(other)).toBeVisible();
  await expect(other.getByRole("button", { name: "Decide", exact: true })).toBeVisible();
  await command(other, "Show others in events");
  const reveal = dialogOf(other, `Show others in events of request #${number}`);
  const ids = reveal.getByLabel("Ids of the events");
  await expect(ids).toBeFocused();
  await other.keyboard.type("not-an-id");
  await tabTo(other, reveal.getByLabel("Why"));
  await other.keyboard.type("why why");
  const show = reveal.getByRole("button", { name: "Show others" });
  await pressButton(other, show);
  await expectRefused(ids, "No id of an event: not-an-id", "not-an-id");
  await expectAccessible(other);
  const event = "0190163d-8694-739b-aea5-966c26f8ad91";
  await other.keyboard.press("Control+a");
  await other.keyboard.type(event);
  await pressButton(other, show);
  await expectRefused(reveal.getByLabel("Why"), /^say why in at least two words/, "why why");
  await other.keyboard.press("Control+a");
  await other.keyboard.type("they are colleagues of the person");
  await pressButton(other, show);
  await expect(reveal).toHaveCount(0);
  expect((await timelineOf(other, number)).find(({ kind }) => kind === "others_revealed")).toMatchObject({
    by: second.email,
    typed: true,
    facts: { target: "audit", events: [event] },
  });

  await pressButton(other, other.getByRole("button", { name: "Decide", exact: true }));
  const decide = dialogOf(other, `Decide request #${number}`);
  await pressButton(other, decide.getByRole("button", { name: "Approve request" }));
  await expect(decide).toHaveCount(0);
  await pressButton(other, other.getByRole("button", { name: `Carry out #${number}` }));
  const execute = dialogOf(other, `Carry out request #${number}`);
  await pressButton(other, execute.getByRole("button", { name: "Make the package" }));
  await reached(other, number, "responding");
  const made = (await requestOf(other, number)).package;

  await pressButton(other, other.locator("#package").getByRole("button", { name: "Make it again" }));
  const again = dialogOf(other, `Make the package of request #${number} again`);
  await expect(again.getByLabel("Why")).toBeFocused();
  await other.keyboard.type("again again");
  await pressButton(other, again.getByRole("button", { name: "Make it again" }));
  await expectRefused(again.getByLabel("Why"), /^say why in at least two words/, "again again");
  await other.keyboard.type(", the passphrase was lost");
  await pressButton(other, again.getByRole("button", { name: "Make it again" }));
  await expect(again).toHaveCount(0);
  await expect
    .poll(async () => {
      const { state, package: now } = await requestOf(other, number);
      return [state, now?.state, now?.id !== made?.id, now?.sha256 !== made?.sha256, now?.events];
    })
    .toEqual(["responding", "ready", true, true, 3]);

  await pressButton(other, other.getByRole("button", { name: "Record the answer" }));
  const answer = dialogOf(other, `Record the answer to request #${number}`);
  await pressButton(other, answer.getByRole("button", { name: "Record the answer" }));
  await expect(answer).toHaveCount(0);
  await pressButton(other, other.getByRole("button", { name: "Close request" }));
  const close = dialogOf(other, `Close request #${number}`);
  const day = close.getByLabel("Keep what it says of the person until");
  await expect(day).toBeFocused();
  await day.fill("2020-01-01");
  await pressButton(other, close.getByRole("button", { name: "Close request" }));
  await expectRefused(day, "lies in the past", "2020-01-01");
  await day.fill("");
  await pressButton(other, close.getByRole("button", { name: "Close request" }));
  await expect(article(other)).toHaveAttribute("data-state", "closed");
  await pressButton(other, other.locator("#certificate").getByRole("button", { name: "Download" }));
});
