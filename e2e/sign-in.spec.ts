import { eq, isNull } from "drizzle-orm";
import { uuidV7 } from "../lib/audit-db/append/uuid-v7.ts";
import { schema } from "../lib/db/schema.ts";
import { sendSignInForm } from "./support/open-session.ts";
import { waitForFigures } from "./support/page-checks.ts";
import { addPerson } from "./support/people.ts";
import { expect, test } from "./support/test.ts";

// A refused sign-in is answered with 401, which the browser notes on its console.
test.use({ tolerated: /status of 401/ });

test.afterEach(async ({ console }) => {
  await console.db.delete(schema.signInGuesses);
});

const newEmail = () => `${uuidV7()}@example.test`;

test("signing in leads to the page that was asked for, and the page says who is here", async ({
  page,
  world,
}) => {
  await page.goto("/audit/overview?range=6h");
  await expect(page).toHaveURL("/sign-in?callbackUrl=%2Faudit%2Foverview%3Frange%3D6h");
  await expect(page.getByLabel("E-mail")).toBeFocused();
  await sendSignInForm(page, world.people.admin);
  await expect(page).toHaveURL("/audit/overview?range=6h");
  await waitForFigures(page);
  await page.getByRole("button", { name: /account of/ }).click();
  await expect(page.getByText(`${world.people.admin.email} · Administrator`)).toBeVisible();
});

test("a wrong password and an unknown account are refused in the same words", async ({ page, world }) => {
  const answers: { words: string | null; status: number; body: string }[] = [];
  for (const email of [world.people.viewer.email, "nobody-by-this-name@example.test"]) {
    await page.goto("/sign-in");
    const answered = page.waitForResponse((response) => response.url().endsWith("/callback/credentials"));
    await sendSignInForm(page, { email, password: "wrong horse, wrong battery" });
    const alert = page.locator("#sign-in-problem");
    await expect(alert).toHaveText("E-mail or password is wrong.");
    await expect(page.getByLabel("Password", { exact: true })).toBeFocused();
    await expect(page.getByLabel("Password", { exact: true })).toHaveAttribute("aria-invalid", "true");
    const response = await answered;
    answers.push({
      words: await alert.textContent(),
      status: response.status(),
      body: await response.text(),
    });
  }
  expect(answers[1]).toEqual(answers[0]);
  expect(answers[0]?.status).toBe(401);
});

test("an account's five guesses lock strangers out, not a browser that knows it nor the others at that address", async ({
  page,
  console,
  newPage,
}) => {
  const victim = { email: newEmail(), password: "seven quiet lamps glow" };
  const bystander = { email: newEmail(), password: "eight quiet lamps glow" };
  const victimId = await addPerson(console, { role: "viewer", ...victim });
  await addPerson(console, { role: "viewer", ...bystander });
  const problem = page.locator("#sign-in-problem");
  const known = await newPage();
  await known.goto("/sign-in?callbackUrl=%2Faccount%2Fpassword");
  await sendSignInForm(known, victim);
  await expect(known).toHaveURL("/account/password");
  const device = (await known.context().cookies()).find(({ name }) => name.startsWith("audit-db-device-"));
  expect(device).toMatchObject({ httpOnly: true, sameSite: "Strict" });

  await page.goto("/sign-in?callbackUrl=%2Faccount%2Fpassword");
  for (let guesses = 1; guesses <= 6; guesses += 1) {
    const answered = page.waitForResponse((response) => response.url().endsWith("/callback/credentials"));
    await sendSignInForm(page, { email: victim.email, password: "not the password" });
    expect((await answered).status()).toBe(401);
    await expect(problem).toHaveText(
      guesses <= 5
        ? "E-mail or password is wrong."
        : "Too many failed attempts. Wait 15 minutes, then try again.",
    );
  }
  await sendSignInForm(page, victim);
  await expect(problem).toHaveText(/^Too many failed attempts\./);
  await known.context().clearCookies({ name: /session-token/ });
  await known.goto("/sign-in?callbackUrl=%2Faccount%2Fpassword");
  await sendSignInForm(known, victim);
  await expect(known).toHaveURL("/account/password");
  const entries = await console.db
    .select({ action: schema.activity.action, outcome: schema.activity.outcome })
    .from(schema.activity)
    .where(eq(schema.activity.objectId, victimId));
  expect(entries).toContainEqual({ action: "sign-in.lock-out", outcome: "refused" });

  await sendSignInForm(page, bystander);
  await expect(page).toHaveURL("/account/password");
});

test("whoever holds a one-time password must choose their own before anything else", async ({
  page,
  console,
  newPage,
}) => {
  const person = { email: newEmail(), password: "one-time-Qx7-once" };
  await addPerson(console, { role: "viewer", oneTime: true, ...person });
  await page.goto("/audit/overview");
  await sendSignInForm(page, person);
  await expect(page).toHaveURL("/account/password");
  await expect(page.getByRole("heading", { name: "Choose your password" })).toBeVisible();
  await page.goto("/audit/overview");
  await expect(page).toHaveURL("/account/password");
  expect((await page.request.get("/api/v1/targets")).status()).toBe(403);

  const own = "nine lanterns over calm water";
  const change = async (current: string, next: string, again = next) => {
    await page.getByLabel("One-time password").fill(current);
    await page.getByLabel("New password", { exact: true }).fill(next);
    await page.getByLabel("New password, once more").fill(again);
    await page
      .getByRole("button", { name: /password/i })
      .last()
      .click();
  };
  await change(person.password, own, `${own}!`);
  await expect(page.getByText("The two do not match.")).toBeVisible();
  await change(person.password, "short");
  await expect(page.getByText(/at least 12 characters/i).last()).toBeVisible();
  await expect(page).toHaveURL("/account/password");
  await change(person.password, own);
  await expect(page).toHaveURL("/audit/overview");

  const elsewhere = await newPage();
  await elsewhere.goto("/sign-in");
  await sendSignInForm(elsewhere, person);
  await expect(elsewhere.locator("#sign-in-problem")).toHaveText("E-mail or password is wrong.");
  await sendSignInForm(elsewhere, { ...person, password: own });
  await expect(elsewhere).toHaveURL("/audit/overview");
});

test("signing out ends the session on the server, not only the cookie", async ({ page, signIn }) => {
  await signIn("viewer", "/audit/overview");
  const cookies = await page.context().cookies();
  expect((await page.request.get("/api/v1/targets")).status()).toBe(200);
  await page.getByRole("button", { name: /account of/ }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await expect(page).toHaveURL("/sign-in");
  await page.context().addCookies(cookies);
  expect((await page.request.get("/api/v1/targets")).status()).toBe(401);
  await page.goto("/audit/overview");
  await expect(page).toHaveURL("/sign-in?callbackUrl=%2Faudit%2Foverview");
});

test("a session revoked under the open page leads to signing in, and back to the same address", async ({
  page,
  console,
}) => {
  const person = { email: newEmail(), password: "ten slow ferries at dusk" };
  const userId = await addPerson(console, { role: "viewer", ...person });
  const address = "/audit/overview?range=6h&refresh=2s";
  await page.goto(address);
  await sendSignInForm(page, person);
  await expect(page).toHaveURL(address);
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await console.db
    .update(schema.sessions)
    .set({ revokedAt: new Date() })
    .where(eq(schema.sessions.userId, userId));
  await expect(page).toHaveURL(`/sign-in?callbackUrl=${encodeURIComponent(address)}`);
  await sendSignInForm(page, person);
  await expect(page).toHaveURL(address);
  const open = await console.db.select().from(schema.sessions).where(isNull(schema.sessions.revokedAt));
  expect(open.filter((session) => session.userId === userId)).toHaveLength(1);
});
