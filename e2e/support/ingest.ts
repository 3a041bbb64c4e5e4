import { createToken } from "./api-token.ts";
import { test as base, expect } from "./test.ts";

/** Where events are handed in. */
export const path = "/api/v1/targets/audit/events";
export const ndjson = "application/x-ndjson";

/** A token that appends, and nothing else. */
export const test = base.extend<object, { token: string }>({
  token: [
    async ({ servers: _ }, use) => use(await createToken("e2e of ingest", { scope: "append" })),
    { scope: "worker" },
  ],
});

export const event = (organizationId: string, more: object = {}) =>
  JSON.stringify({ organizationId, action: "a.b", status: "success", ...more });

/** What the last line of an answer sums up. */
export const summaryOf = (text: string) =>
  (JSON.parse(text.trim().split("\n").at(-1) ?? "") as { summary: Record<string, number> }).summary;

export { expect };
