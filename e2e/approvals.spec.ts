import { uuidV7 } from "../lib/audit-db/append/uuid-v7.ts";
import type { ConsoleDb } from "../lib/db/console-db.ts";
import { sealInput } from "../lib/verbs/approvals/seal-input.ts";
import { openSession } from "./support/open-session.ts";
import { expectAccessible, expectNoOverflow } from "./support/page-checks.ts";
import { addPerson } from "./support/people.ts";
import { expect, test } from "./support/test.ts";

const unique = () => Date.now().toString(36);

/** As an action leaves it that needs a second person: somebody asks for an account. */
async function request({ sql }: ConsoleDb, asker: { id: string; email: string }, newcomer: string) {
  const { json, digest } = sealInput({ email: newcomer, name: "Nadia New", role: "viewer" });
  const id = uuidV7();
  await sql`
    insert into approval (id, action, input, digest, approver_role, requested_by, requested_by_name, expires_at)
    values (${id}, 'user.create', ${sql.json(json as never)}, ${digest}, 'admin', ${asker.id}, ${asker.email},
            now() + interval '1 h')`;
  return id;
}

test("one asks, another approves exactly that, and a viewer only looks on", async ({
  page,
  newPage,
  signIn,
  world,
  console,
}) => {
  const asker = { email: `asker-${unique()}@example.test`, password: "correct-horse-asker-7" };
  const newcomer = `newcomer-${unique()}@example.test`;
  const id = await addPerson(console, { ...asker, role: "admin" });
  await request(console, { id, email: asker.email }, newcomer);

  await signIn(asker, "/settings/approvals");
  const row = (of: typeof page) => of.getByRole("row").filter({ hasText: asker.email });
  await row(page).click();
  const own = page.getByRole("dialog");
  await expect(own).toContainText(newcomer);
  await expect(own.getByRole("button", { name: "Withdraw" })).toBeVisible();
  await expect(own.getByRole("button", { name: "Approve and run" })).toHaveCount(0);

  const viewer = await newPage();
  await openSession(viewer, world.people.viewer);
  await viewer.goto("/settings/approvals");
  await row(viewer).click();
  await expect(viewer.getByRole("dialog")).toContainText("Shown to whoever asked");
  await expect(viewer.getByRole("dialog")).not.toContainText(newcomer);
  for (const name of ["Approve and run", "Refuse", "Withdraw"])
    await expect(viewer.getByRole("dialog").getByRole("button", { name })).toHaveCount(0);

  const second = await newPage();
  await openSession(second, world.people.admin);
  await second.goto("/settings/approvals");
  await expectAccessible(second);
  await expectNoOverflow(second);
  await row(second).click();
  await expect(second.getByRole("dialog")).toContainText(newcomer);
  await second.getByRole("button", { name: "Approve and run" }).click();
  const question = second.getByRole("dialog", { name: "Approve “user.create”" });
  await question.getByLabel("Comment, if any").fill("as agreed");
  await expectAccessible(second);
  await question.getByRole("button", { name: "Approve and run" }).click();
  await expect(second.getByText("“user.create” was approved and is done")).toBeVisible();
  await expect(row(second)).toHaveCount(0);
  await second.goto("/settings/approvals?show=all");
  await expect(row(second)).toContainText("executed");

  const [made] = await console.sql`
    select u.role, a.actor_name as by, a.detail->>'approvedBy' as "approvedBy"
    from users u join activity a on a.object_id = u.id::text and a.action = 'user.create'
    where u.email = ${newcomer}`;
  expect(made).toEqual({ role: "viewer", by: asker.email, approvedBy: world.people.admin.email });
});

test("what was refused says why to whoever asked", async ({ page, signIn, world, console }) => {
  const asker = { email: `asker-${unique()}@example.test`, password: "correct-horse-asker-7" };
  const id = await addPerson(console, { ...asker, role: "admin" });
  const approvalId = await request(console, { id, email: asker.email }, `refused-${unique()}@example.test`);
  await signIn("admin", `/settings/approvals?request=${approvalId}`);
  await page.getByRole("button", { name: "Refuse" }).click();
  const question = page.getByRole("dialog", { name: "Refuse “user.create”" });
  await question.getByRole("button", { name: "Refuse" }).click();
  await expect(question.getByRole("alert")).toHaveText("say why");
  await question.getByLabel("Why").fill("not on a Friday");
  await question.getByRole("button", { name: "Refuse" }).click();
  await expect(page.getByText("“user.create” is refused")).toBeVisible();
  // A page that is left open asks on, and is told that nobody is signed in.
  await page.goto("about:blank");
  await page.context().clearCookies();
  await openSession(page, asker);
  await page.goto(`/settings/approvals?show=all&request=${approvalId}`);
  await expect(page.getByRole("dialog")).toContainText("not on a Friday");
  await expect(page.getByRole("dialog")).toContainText(world.people.admin.email);
});

test("five minutes after the sign-in a token is made only once the password was typed again", async ({
  page,
  signIn,
  console,
}) => {
  const person = { email: `sure-${unique()}@example.test`, password: "correct-horse-sure-7" };
  const id = await addPerson(console, { ...person, role: "admin" });
  await signIn(person, "/settings/tokens");
  await console.sql`update sessions set reauthenticated_at = now() - interval '301 s' where user_id = ${id}`;
  const name = `sure-${unique()}`;
  await page.getByRole("button", { name: "New token" }).click();
  await page.getByLabel("Name").fill(name);
  await page.getByRole("button", { name: "Create the token" }).click();
  const proof = page.getByRole("dialog", { name: "Confirm that it is you" });
  await proof.getByLabel("Password").fill("not the password");
  await proof.getByRole("button", { name: "Confirm" }).click();
  await expect(proof.getByRole("alert")).toHaveText("The present password is wrong.");
  await expectAccessible(page);
  await proof.getByRole("button", { name: "Cancel" }).click();
  const [before] = await console.sql`select count(*)::int as n from api_tokens where name = ${name}`;
  expect(before?.n).toBe(0);

  await page.getByRole("button", { name: "Create the token" }).click();
  await proof.getByLabel("Password").fill(person.password);
  await proof.getByLabel("Password").press("Enter");
  expect(await page.locator("[data-secret]").innerText()).toMatch(/^adb_/);
  const [after] = await console.sql`select count(*)::int as n from api_tokens where name = ${name}`;
  expect(after?.n).toBe(1);
});
