import { afterAll, beforeAll, expect, test } from "vitest";
import { adminActions } from "../../admin.ts";
import type { RequestKind } from "../../request-law/kinds.ts";
import { type PrivacyWorld, startPrivacyWorld } from "../../testing/privacy-world.ts";
import { moveTestRequest, openTestRequest } from "../../testing/requests.ts";
import { unnamedController } from "../controller.ts";
import { getRequest } from "../get-request.ts";
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

test("what is handed out waits for a controller; what is erased does not", async () => {
  const refused = {
    error: {
      code: "CONFLICT",
      message: expect.stringMatching(/^Request #\d+ cannot be carried out: no controller is set for it/),
      hint: expect.stringContaining("Settings → Requests"),
    },
  };
  const at = async (kind: RequestKind, state: "approved" | "failed") => {
    const { number } = await openTestRequest(world, { kind, person: `of ${kind}` });
    return (await moveTestRequest(world, number, state)).number;
  };
  for (const kind of ["access", "portability"] as const) {
    const [request, stopped] = [await at(kind, "approved"), await at(kind, "failed")];
    expect(await world.run(adminActions.executeRequest, { request })).toMatchObject(refused);
    expect(await world.run(adminActions.resumeRequest, { request: stopped })).toMatchObject(refused);
    expect(await getRequest(world.console.db, request, new Date())).toMatchObject({
      ...{ state: "approved", lacksController: true },
    });
  }
  const request = await at("erasure", "approved");
  expect(await world.run(adminActions.executeRequest, { request })).not.toMatchObject(refused);
  expect((await getRequest(world.console.db, request, new Date())).lacksController).toBe(false);
});

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

test("with a controller of its organisation, or of all, a request is carried out", async () => {
  const { number, id } = await openTestRequest(world, { kind: "access", person: "of access" });
  await moveTestRequest(world, number, "failed");
  expect((await getRequest(world.console.db, number, new Date())).lacksController).toBe(false);
  expect(await world.run(adminActions.resumeRequest, { request: number })).toMatchObject({ ok: true });
  expect(await requireRequest(world.console.db, id)).toMatchObject({ state: "executing" });
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
