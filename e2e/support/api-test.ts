import type { APIResponse } from "@playwright/test";
import { createToken } from "./api-token.ts";
import { test as base, expect } from "./test.ts";

export interface Answer<T> {
  data: T;
  observedAt: string;
  source: string;
}

/** `get(path)` asks with the token of this file; `tokens` also holds one that may see the foreign target only. */
export const test = base.extend<
  { get(path: string, token?: string): Promise<APIResponse> },
  { tokens: { all: string; foreign: string; admin: string } }
>({
  tokens: [
    async ({ servers: _ }, use) => {
      const [all, foreign, admin] = await Promise.all([
        createToken("e2e"),
        createToken("e2e of one target", { target: "foreign" }),
        createToken("e2e of an administrator", { scope: "admin" }),
      ]);
      await use({ all, foreign, admin });
    },
    { scope: "worker" },
  ],
  get: async ({ playwright, world, tokens }, use) => {
    // No cookies: only the token speaks for the caller.
    const request = await playwright.request.newContext({ baseURL: world.address });
    await use((path, token = tokens.all) =>
      request.get(path, token ? { headers: { authorization: `Bearer ${token}` } } : {}),
    );
    await request.dispose();
  },
});

/** What an answer holds; anything but 200 fails the test with what was said. */
export async function data<T>(response: APIResponse): Promise<T> {
  expect(response.status(), `${response.url()}: ${await response.text()}`).toBe(200);
  return ((await response.json()) as Answer<T>).data;
}

export { expect };
