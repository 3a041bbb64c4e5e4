import { request as newRequest } from "@playwright/test";
import { event, expect, ndjson, path, summaryOf, test } from "./support/ingest.ts";
import { startWebProcess, type WebProcess } from "./support/web-process.ts";
import { world } from "./support/world.ts";

// A web process of its own starts in each.
test.describe.configure({ timeout: 240_000 });

test.describe("errors are the same whichever bundle opened the engine", () => {
  for (const order of ["the API first, then a page", "a page first, then the API"] as const)
    test(order, async ({ token, auditSql }) => {
      const web = await startWebProcess();
      try {
        const organization = `order-${order.slice(0, 5).replace(" ", "-")}`;
        if (order.startsWith("the API")) await expectErrors(web, token, `${organization}-before`);
        await renderPage(web);
        await expectErrors(web, token, `${organization}-after`);
        const [row] = await auditSql`
          select count(*)::int as n from audit_log where organization_id = ${`${organization}-after`}`;
        expect(row?.n).toBe(3);
        expect(web.output()).not.toMatch(/unexpected|INTERNAL/i);
      } finally {
        await web.stop();
      }
    });
});

/** Renders the overview, whose reads open the target's engine in the bundle of the pages. */
async function renderPage(web: WebProcess): Promise<void> {
  const { email, password } = world().people.viewer;
  const person = await newRequest.newContext({ baseURL: web.address });
  const { csrfToken } = (await (await person.get("/api/auth/csrf")).json()) as { csrfToken: string };
  await person.post("/api/auth/callback/credentials", { form: { email, password, csrfToken, json: "true" } });
  const page = await person.get("/audit/connections", { maxRedirects: 0 });
  expect(page.status()).toBe(200);
  await person.dispose();
}

async function expectErrors(web: WebProcess, token: string, organization: string): Promise<void> {
  const send = (body: string, headers: Record<string, string> = {}) =>
    fetch(`${web.address}${path}`, {
      method: "POST",
      body,
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json", ...headers },
    });
  const nul = await send(event(organization, { details: { note: "a\u0000b" } }));
  expect([nul.status, await nul.json()]).toMatchObject([400, { code: "BAD_INPUT" }]);
  const three = [event(organization), event(organization, { status: "maybe" }), event(organization)];
  const lines = await send(three.join("\n"), { "content-type": ndjson });
  expect([lines.status, summaryOf(await lines.text())]).toMatchObject([207, { stored: 2, rejected: 1 }]);
  const key = { "idempotency-key": `e2e-${organization}` };
  expect((await send(event(organization), key)).status).toBe(200);
  const other = await send(event(organization, { action: "c.d" }), key);
  expect([other.status, await other.json()]).toMatchObject([409, { code: "CONFLICT" }]);
}
