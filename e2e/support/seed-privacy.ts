import type { Page } from "@playwright/test";
import { verb } from "./requests.ts";

const dayMs = 86_400_000;

/**
 * Everything that pages of requests can hold, as people's verbs make it: requests that run, stand still, are overdue,
 * ended, two controllers, a source, a hold. Once: a world that has it is left alone. `page`: of somebody who may handle requests.
 */
export async function seedPrivacy(page: Page): Promise<void> {
  const controllers = await page.request.get("/api/v1/privacy/controllers");
  if ((await controllers.text()).includes(controller.name)) return;
  const open = async (kind: string, daysAgo: number) => {
    const given = {
      ...{ kind, person: { identifiers: [{ kind: "id", value: `${kind} of ${daysAgo} days ago` }] } },
      receivedAt: new Date(Date.now() - daysAgo * dayMs).toISOString(),
    };
    return (await verb(page, "openRequest", given)) as { number: number };
  };
  await open("access", 45);
  await open("erasure", 26);
  await open("portability", 1);
  const standing = await open("erasure", 12);
  await verb(page, "askIdentity", { request: standing.number });
  const confirmed = await open("access", 20);
  await verb(page, "recordIdentity", { request: confirmed.number, method: "signed_in", result: "confirmed" });
  await verb(page, "extendRequest", {
    request: confirmed.number,
    ground: "complexity",
    note: "five systems are searched by hand",
  });
  const withdrawn = await open("erasure", 3);
  await verb(page, "recordWithdrawal", { request: withdrawn.number, note: "they changed their mind" });
  for (const organization of ["acme", "globex"]) await setTestController(page, organization);
  await verb(page, "placeHold", {
    name: "Case 7",
    reason: "a court asked for it",
    scope: { organizations: ["acme"] },
  });
  await verb(page, "saveIntakeSource", { name: "desk", defaults: { organizations: ["acme"] } });
}

/** Says who answers for an organisation that has none of its own yet. */
export async function setTestController(page: Page, organization: string): Promise<void> {
  await verb(page, "setController", { organization, version: 0, controller });
}

const controller = {
  ...{ name: "Acme Ltd", address: "1 Example Street, Berlin", contact: "privacy@acme.example" },
  ...{ country: "DE", timeZone: "Europe/Berlin" },
  ...{ authority: "The authority", courtWording: "The court" },
};
