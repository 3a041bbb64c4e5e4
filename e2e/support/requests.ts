import { expect, type Page } from "@playwright/test";
import { createToken } from "./api-token.ts";
import { world } from "./world.ts";

const path = "/api/v1/privacy/requests";

/** Does a verb of requests at the API's door, as whoever the page's browser is. @returns what it answers */
export async function ask(page: Page, door: string, data: object): Promise<Record<string, unknown>> {
  const answer = await page.request.post(`${path}${door && `/${door}`}`, {
    data,
    headers: { origin: world().address },
  });
  expect([door, answer.ok() ? "" : await answer.text()]).toEqual([door, ""]);
  return (await answer.json()).data;
}

/** What the API tells of requests: `requestOf(page, 3)`, `requestOf(page, "3/timeline")`. */
// biome-ignore lint/suspicious/noExplicitAny: answers of many kinds, looked into by the specs
export async function requestOf(page: Page, of: number | string): Promise<any> {
  return (await (await page.request.get(`${path}/${of}`)).json()).data;
}

/** Waits until the jobs of a request have brought it to a state. */
export async function reached(page: Page, number: number, state: string): Promise<void> {
  await expect.poll(async () => (await requestOf(page, number)).state, { timeout: 60_000 }).toBe(state);
}

/** Appends events of one person as an application hands them in. @returns a function that appends; it may be called again */
export async function appender(organizationId: string) {
  const token = await createToken(`e2e ${organizationId} ${Math.random()}`, { scope: "append" });
  return async (actor: { id: string; name: string }, count: number): Promise<void> => {
    const event = {
      ...{ organizationId, action: "record.viewed", status: "success", retentionPolicy: "standard", actor },
      targetPerson: { id: `other-of-${actor.id}`, name: "Olaf Other" },
    };
    const response = await fetch(`${world().address}/api/v1/targets/audit/events`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: JSON.stringify({ events: Array.from({ length: count }, () => event) }),
    });
    expect(response.status).toBe(200);
  };
}
