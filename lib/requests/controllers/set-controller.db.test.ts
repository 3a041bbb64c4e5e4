import { afterAll, beforeAll, expect, test } from "vitest";
import { type PrivacyWorld, startPrivacyWorld } from "../../testing/privacy-world.ts";
import { openTestRequest } from "../../testing/requests.ts";
import { unnamedController } from "../controller.ts";
import { requireRequest } from "../read-request.ts";
import { demoController } from "./demo-controller.ts";
import { getControllers } from "./get-controllers.ts";
import { setController } from "./set-controller.ts";

let world: PrivacyWorld;
beforeAll(async () => {
  world = await startPrivacyWorld(18, { worker: false });
});
afterAll(() => world?.close());

const set = (input: object, actor = world.officer) =>
  world.run(setController, { organization: "*", version: 0, controller: demoController, ...input }, actor);

test("who answers is set by compare and set, with before and after in the activity", async () => {
  expect(await getControllers(world.console.db)).toEqual([
    { organization: "*", version: 0, controller: unnamedController, changedAt: null, changedBy: null },
  ]);
  const both = await Promise.all([set({}), set({}, world.second)]);
  expect(both.filter(({ ok }) => ok)).toHaveLength(1);
  expect(both.find(({ ok }) => !ok)).toMatchObject({
    error: { code: "CONFLICT", message: expect.stringContaining("@example.test on ") },
  });
  const next = { ...demoController, name: "Demo Clinics North" };
  expect(await set({ version: 1, controller: next })).toMatchObject({ ok: true, data: { version: 2 } });
  expect(await set({ version: 1 })).toMatchObject({ error: { code: "CONFLICT", current: { version: 2 } } });
  const [told] = await world.sql`
    select a.detail, o.payload from activity a join outbox o using (id)
    where a.action = 'privacy.set_controller' and a.outcome = 'success' order by a.id desc limit 1`;
  expect(told?.detail).toMatchObject({ before: demoController, after: next });
  expect(JSON.stringify(told?.payload)).not.toContain("Demo Clinics");
});

test("a place of which no holidays are known is refused", async () => {
  for (const [field, value] of [
    ["country", "ZZ"],
    ["region", "NOWHERE"],
  ] as const)
    expect(await set({ version: 2, controller: { ...demoController, [field]: value } })).toMatchObject({
      error: { code: "BAD_INPUT", fields: { [`controller.${field}`]: expect.any(String) } },
    });
  expect(await set({ version: 2, controller: { ...demoController, timeZone: "Mars/Base" } })).toMatchObject({
    error: { code: "BAD_INPUT" },
  });
  expect(await set({ version: 2 }, world.viewer)).toMatchObject({ error: { code: "FORBIDDEN" } });
});

test("a request takes its clock's place from its one organisation's controller, and keeps it", async () => {
  const london = {
    ...demoController,
    country: "GB",
    region: null,
    timeZone: "Europe/London",
    language: "en",
  };
  expect(await set({ organization: "acme", controller: london })).toMatchObject({ ok: true });
  const open = (organizations: string[]) =>
    openTestRequest(world, { kind: "access", person: "p", more: { organizations } });
  const own = await open(["acme"]);
  expect(own).toMatchObject({ country: "GB", timeZone: "Europe/London", regime: "uk" });
  for (const organizations of [[], ["beta"], ["acme", "beta"]])
    expect(await open(organizations)).toMatchObject({ country: "DE", region: "BE", regime: "eu" });
  expect(await set({ organization: "acme", version: 1, controller: demoController })).toMatchObject({
    ok: true,
  });
  expect(await requireRequest(world.console.db, own.id)).toMatchObject({ country: "GB", regime: "uk" });
});
