import { afterAll, beforeAll, expect, test } from "vitest";
import { adminActions } from "../../admin.ts";
import { schema } from "../../db/schema.ts";
import { AppError } from "../../errors.ts";
import { askForPackage, storedArchive, unzip, workPackage } from "../../testing/packages.ts";
import { type PrivacyWorld, startPrivacyWorld } from "../../testing/privacy-world.ts";
import { moveTestRequest, openTestRequest } from "../../testing/requests.ts";
import { everyOrganization, unnamedController } from "../controller.ts";
import type { RequestRow } from "../read-request.ts";
import { verifyArchive } from "./verify-archive.ts";

let world: PrivacyWorld;
const mina = { id: "mina-1", name: "Mina Example" };
const olaf = { id: "olaf-2", name: "Olaf Other" };
const grant = (policy: string) => ({ target: "eu", policy, decision: "grant" as const, ground: null });

beforeAll(async () => {
  world = await startPrivacyWorld(18, { worker: false });
  const facts = { purposes: ["p"], floorLaw: null, retentionWords: "w" };
  await world.console.db.insert(schema.privacyController).values({
    organization: everyOrganization,
    facts: {
      ...unnamedController,
      policies: {
        standard: { ...facts, basis: "contract" },
        minimal: { ...facts, basis: "consent" },
        phi: { ...facts, basis: "legal_obligation" },
      },
    },
    changedAt: new Date(),
    changedByName: "test",
  });
});
afterAll(() => world?.close());

async function make(request: RequestRow): Promise<Record<string, Buffer>> {
  expect(await workPackage(world, await askForPackage(world, request))).toMatchObject({ state: "done" });
  const { passphrase } = await world.succeed(adminActions.showPackagePassphrase, { request: request.number });
  return unzip(await storedArchive(world, request), passphrase);
}

test("portability: what the person did under consent or contract, without what was derived", async () => {
  const ids = [
    (
      await world.append("eu", mina.id, "standard", 1, {
        actor: { ...mina, ip: "10.0.0.7", userAgent: "Fox" },
      })
    ).id,
    (await world.append("eu", mina.id, "minimal", 2, { actor: mina, targetPerson: olaf })).id,
  ];
  await world.append("eu", mina.id, "phi", 3, { actor: mina });
  await world.append("eu", mina.id, "standard", 4, { actor: olaf, targetPerson: mina });
  const { number } = await openTestRequest(world, { kind: "portability", person: mina.id });
  const parts = ["standard", "minimal", "phi"].map(grant);
  const files = await make(
    await moveTestRequest(world, number, "executing", { decision: { ground: null, parts } }),
  );
  const events = JSON.parse(String(files["events.json"])) as Record<string, unknown>[];
  expect(events.map(({ id }) => id).sort()).toEqual(ids.toSorted());
  // What was observed of them is theirs to take along; what the log added is not.
  expect(events.find(({ id }) => id === ids[0])).toMatchObject({
    actor: { who: "you", ip: "10.0.0.7", userAgent: "Fox" },
  });
  for (const event of events)
    for (const derived of ["retentionPolicy", "dataClassification", "processingMs", "recordedAt"])
      expect(event).not.toHaveProperty(derived);
  expect(Object.values(files).map(String).join()).not.toContain("Olaf");
  expect(String(files["letter.html"])).toContain("Art. 20(1)");
  const described = JSON.parse(String(files["events.schema.json"]));
  expect(described.items.required.sort()).toEqual(Object.keys(events[0] as object).sort());
});

test("others are shown in events for which somebody said why; the reason stands sealed, and in no record", async () => {
  const shown = (await world.append("us", mina.id, "standard", 1, { actor: olaf, targetPerson: mina })).id;
  const hidden = (await world.append("us", mina.id, "standard", 2, { actor: olaf, targetPerson: mina })).id;
  const { number } = await openTestRequest(world, {
    kind: "access",
    person: mina.id,
    more: { targets: ["us"] },
  });
  const asked = { request: number, events: [shown], reason: "her claim against him needs his name" };
  for (const target of ["eu", "nowhere"])
    expect(await world.run(adminActions.revealOthers, { ...asked, target })).toMatchObject({
      error: { code: "BAD_INPUT", fields: { target: `request #${number} is about us` } },
    });
  for (const _ of ["first", "again"])
    await world.succeed(adminActions.revealOthers, { ...asked, target: "us" });
  const parts = [{ ...grant("standard"), target: "us" }];
  const files = await make(
    await moveTestRequest(world, number, "executing", { decision: { ground: null, parts } }),
  );
  const events = JSON.parse(String(files["events.json"])) as Record<string, unknown>[];
  expect(events.find(({ id }) => id === shown)).toMatchObject({ actor: { who: "other", name: olaf.name } });
  expect(events.find(({ id }) => id === hidden)?.actor).toEqual({ who: "other" });
  expect(String(files["letter.html"])).toContain("against theirs: 1.");
  const [told] = await world.sql`
    select facts, sealed from privacy_request_event where kind = 'others_revealed'`;
  expect(told).toMatchObject({ facts: { target: "us", events: [shown] }, sealed: expect.any(Buffer) });
  const [kept] = await world.sql`select jsonb_agg(to_jsonb(activity))::text as text from activity`;
  expect(kept?.text).not.toContain("claim against");
});

test("nobody known: a package without an event, and a letter that says so", async () => {
  const { number } = await openTestRequest(world, { kind: "access", person: "nobody-9" });
  const files = await make(
    await moveTestRequest(world, number, "executing", {
      decision: { ground: null, parts: [grant("standard")] },
    }),
  );
  expect(JSON.parse(String(files["events.json"]))).toEqual([]);
  expect(String(files["events.csv"]).trim().split("\r\n")).toHaveLength(1);
  expect(String(files["letter.html"])).toContain("We hold no data about you");
});

test("a stored archive that was changed does not pass: its own sum, a piece that is gone, another passphrase", async () => {
  const { id, number } = await openTestRequest(world, { kind: "access", person: mina.id });
  const request = await moveTestRequest(world, number, "executing", {
    decision: { ground: null, parts: [grant("standard")] },
  });
  expect(await workPackage(world, await askForPackage(world, request))).toMatchObject({ state: "done" });
  const [pack] = await world.sql`
    select id, bytes::int, sha256, files from privacy_request_package where request_id = ${id}`;
  const { passphrase } = await world.succeed(adminActions.showPackagePassphrase, { request: number });
  const verify = (word = passphrase) =>
    verifyArchive(
      world.console,
      { packageId: pack?.id, passphrase: word, bytes: pack?.bytes, sha256: pack?.sha256, files: pack?.files },
      new AbortController().signal,
    );
  await verify();
  await expect(verify("wrong")).rejects.toThrow();
  await world.sql`
    update privacy_package_piece set content = set_byte(content, 200, get_byte(content, 200) # 1)
    where package_id = ${pack?.id}`;
  await expect(verify()).rejects.toThrow("its own sum");
  await world.sql`delete from privacy_package_piece where package_id = ${pack?.id}`;
  const gone = await verify().catch((thrown: unknown) => thrown);
  expect(gone instanceof AppError && gone.message).toContain("piece 0 of 1 is not there");
});
