import { eq } from "drizzle-orm";
import { uuidV7 } from "../lib/audit-db/append/uuid-v7.ts";
import { schema } from "../lib/db/schema.ts";
import { addPerson } from "./support/people.ts";
import { expect, test } from "./support/test.ts";

// The page is refused on purpose.
test.use({ tolerated: /status of 503/ });

test("a verb sent with the session's cookie from another site does nothing", async ({
  page,
  console,
  signIn,
  world,
}) => {
  const person = { email: `${uuidV7()}@example.test`, password: "eleven boats leave at dawn" };
  const userId = await addPerson(console, { role: "viewer", ...person });
  const hash = async () => {
    const [user] = await console.db.select().from(schema.users).where(eq(schema.users.id, userId));
    return user?.passwordHash;
  };
  await signIn(person, "/account/password");
  const before = await hash();
  // The form's own request, caught before it leaves.
  const caught = page.waitForRequest((request) => request.method() === "POST");
  await page.route("**/account/password", (route) =>
    route.request().method() === "POST" ? route.fulfill({ status: 503 }) : route.fallback(),
  );
  await page.getByLabel("Present password").fill(person.password);
  await page.getByLabel("New password", { exact: true }).fill("twelve boats leave at dawn");
  await page.getByLabel("New password, once more").fill("twelve boats leave at dawn");
  await page
    .getByRole("button", { name: /password/i })
    .last()
    .click();
  const request = await caught;
  const send = (origin: string) =>
    page.request.post("/account/password", {
      headers: {
        "next-action": request.headers()["next-action"] ?? "",
        "content-type": request.headers()["content-type"] ?? "",
        accept: "text/x-component",
        origin,
      },
      data: request.postData() ?? "",
    });
  const foreign = await send("https://elsewhere.test");
  expect(foreign.status()).toBeGreaterThanOrEqual(400);
  expect(await hash()).toBe(before);
  expect((await send(world.address)).status()).toBe(200);
  expect(await hash()).not.toBe(before);

  // Signing somebody out from elsewhere fails as well: such a form knows no token of ours.
  await page.request.post("/api/auth/signout", {
    headers: { origin: "https://elsewhere.test" },
    form: { json: "true" },
  });
  expect((await page.request.get("/api/v1/targets")).status()).toBe(200);
});
