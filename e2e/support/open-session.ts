import { type BrowserContext, expect, type Page } from "@playwright/test";
import type { Person } from "./world.ts";

/** Signs somebody in over HTTP, as the form does; the page's browser holds the cookie afterwards. */
export async function openSession({ request }: Page | BrowserContext, person: Person): Promise<void> {
  const csrf = await request.get("/api/auth/csrf");
  const { csrfToken } = (await csrf.json()) as { csrfToken: string };
  const form = { email: person.email, password: person.password, csrfToken, json: "true" };
  const send = () => request.post("/api/auth/callback/credentials", { form });
  let answer = await send();
  // On a busy machine the console's database may not answer within the second that a person at a screen is given.
  for (let tries = 0; tries < 5 && (await answer.text()).includes("UNAVAILABLE"); tries++)
    answer = await send();
  expect(answer.status(), `signing ${person.email} in: ${await answer.text()}`).toBe(200);
}

/** Fills the sign-in form that is open and sends it; does not wait for what follows. */
export async function sendSignInForm(page: Page, person: Person): Promise<void> {
  await page.getByLabel("E-mail").fill(person.email);
  await page.getByLabel("Password", { exact: true }).fill(person.password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
}
