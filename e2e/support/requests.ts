import { expect, type Page } from "@playwright/test";
import type { RequestDetail } from "../../lib/requests/get-request.ts";
import type { RequestScope } from "../../lib/requests/scope-types.ts";
import type { RequestTimelineEntry } from "../../lib/requests/types.ts";
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

/** Does a verb at the door that all verbs have, as whoever the page's browser is. @returns what it answers */
export async function verb(page: Page, name: string, data: object): Promise<unknown> {
  const answer = await page.request.post(`/api/v1/actions/${name}`, {
    data,
    headers: { origin: world().address },
  });
  expect([name, answer.ok() ? "" : await answer.text()]).toEqual([name, ""]);
  return (await answer.json()).data;
}

/** What the API tells of a request, of what was counted for it, and of what happened to it. */
export const requestOf = (page: Page, number: number) => told<RequestDetail>(page, `${number}`);
export const scopeOf = (page: Page, number: number) => told<RequestScope>(page, `${number}/scope`);
export const timelineOf = (page: Page, number: number) =>
  told<RequestTimelineEntry[]>(page, `${number}/timeline`);

async function told<T>(page: Page, of: string): Promise<T> {
  return ((await (await page.request.get(`${path}/${of}`)).json()) as { data: T }).data;
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
