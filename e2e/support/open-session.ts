import { expect, type Page } from "@playwright/test";
import type { Person } from "./world.ts";

/** Signs somebody in over HTTP, as the form does; the page's browser holds the cookie afterwards. */
export async function openSession(page: Page, person: Person): Promise<void> {
  const csrf = await page.request.get("/api/auth/csrf");
  const { csrfToken } = (await csrf.json()) as { csrfToken: string };
  const answer = await page.request.post("/api/auth/callback/credentials", {
    form: { email: person.email, password: person.password, csrfToken, json: "true" },
  });
  expect(answer.status(), `signing ${person.email} in: ${await answer.text()}`).toBe(200);
}

/** Fills the sign-in form that is open and sends it; does not wait for what follows. */
export async function sendSignInForm(page: Page, person: Person): Promise<void> {
  await page.getByLabel("E-mail").fill(person.email);
  await page.getByLabel("Password", { exact: true }).fill(person.password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
}
