import { randomBytes } from "node:crypto";
import postgres from "postgres";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { GET } from "../../../app/api/v1/privacy/requests/[number]/package/route.ts";
import { adminActions } from "../../admin.ts";
import { answerPackage } from "../../api/request-package/answer-package.ts";
import type { Actor } from "../../auth/actor.ts";
import { askForPackage, storedArchive, unzip, workPackage } from "../../testing/packages.ts";
import { type PrivacyWorld, startPrivacyWorld } from "../../testing/privacy-world.ts";
import { moveTestRequest, openTestRequest } from "../../testing/requests.ts";
import { everyOrganization } from "../controller.ts";
import { demoController } from "../controllers/demo-controller.ts";
import type { RequestRow } from "../read-request.ts";
import { packageDays, purgePackages } from "./purge-packages-job.ts";

let world: PrivacyWorld;
let request: RequestRow;
const person = "mina-1";
const parts = [{ target: "eu", policy: "standard", decision: "grant" as const, ground: null }];
/** Of a megabyte each. */
const pieces = 5;
const noController = {
  error: { code: "CONFLICT", message: expect.stringContaining("no controller is set for it") },
};
const noSuchLink = "This link leads to no package: it was used, or its time is over.";

beforeAll(async () => {
  world = await startPrivacyWorld(18, { worker: false });
  // Three pieces and more: nothing of it compresses.
  for (let n = 0; n < 60; n++)
    await world.append("eu", person, "standard", 1 + n / 100, {
      actor: { id: person },
      details: { noise: randomBytes(40_000).toString("base64") },
    });
});
afterAll(() => world?.close());

/** A request whose package is ready. */
beforeEach(async () => {
  const { number } = await openTestRequest(world, { kind: "access", person });
  request = await moveTestRequest(world, number, "executing", { decision: { ground: null, parts } });
  expect(await workPackage(world, await askForPackage(world, request), {})).toMatchObject({ state: "done" });
});

const createLink = (actor = world.officer) =>
  world.run(adminActions.createPackageLink, { request: request.number }, actor);

async function linkOf(): Promise<string> {
  const made = await createLink();
  if (!made.ok) throw new Error(made.error.message);
  return made.data.link;
}

function download(
  link: string,
  actor: Actor | null = world.officer,
  method: "GET" | "HEAD" = "GET",
): Promise<Response> {
  const asked = new Request(`http://console.test${link}`, { method });
  return answerPackage(asked, { actor, number: String(request.number) });
}

async function look() {
  const [pack] = await world.sql`
    select state, link_digest is not null as link, passphrase is not null as passphrase, downloaded_at, purged_at,
           (select count(*)::int from privacy_package_piece where package_id = p.id) as pieces
    from privacy_request_package p where request_id = ${request.id} order by began_at desc limit 1`;
  return pack;
}

async function timeline(): Promise<string[]> {
  const rows = await world.sql`
    select kind from privacy_request_event where request_id = ${request.id} and kind like 'package%' order by id`;
  return rows.map(({ kind }) => kind);
}

async function activity(): Promise<string[]> {
  const rows = await world.sql`
    select action, outcome from activity where object_id = ${String(request.number)} and action like 'request.%package%'
    order by id`;
  return rows.map(({ action, outcome }) => `${action} ${outcome}`);
}

test("a link is for one download; then nothing of the package is left but its sums", async () => {
  const stored = await storedArchive(world, request);
  expect(await look()).toMatchObject({ state: "ready", pieces });
  const shown = await world.succeed(adminActions.showPackagePassphrase, { request: request.number });
  const link = await linkOf();
  // Whoever only looks takes nothing, and nothing is kept ready for them.
  const looked = await download(link, world.officer, "HEAD");
  expect([looked.status, looked.headers.get("content-length")]).toEqual([200, String(stored.length)]);
  expect(looked.body).toBeNull();
  expect((await download(`${link.slice(0, -1)}-`, world.officer, "HEAD")).status).toBe(404);
  const answer = await download(link);
  expect([answer.status, answer.headers.get("content-length")]).toEqual([200, String(stored.length)]);
  expect(answer.headers.get("cache-control")).toBe("no-store");
  const got = Buffer.from(await answer.arrayBuffer());
  expect(got.equals(stored)).toBe(true);
  expect(Object.keys(await unzip(got, shown.passphrase))).toHaveLength(7);
  await vi.waitFor(
    async () => expect(await look()).toMatchObject({ state: "downloaded", pieces: 0, link: false }),
    30_000,
  );
  expect((await look())?.purged_at).not.toBeNull();
  const again = await download(link);
  expect([again.status, (await again.json()).detail]).toEqual([404, noSuchLink]);
  const toldBy = async () => {
    const made = await createLink();
    return made.ok ? null : [made.error.message.replace(/^.*: /, ""), made.error.hint];
  };
  const gone = "it was downloaded, once, and deleted.";
  expect(await toldBy()).toEqual([gone, "Have it made again (remakePackage)."]);
  expect(await timeline()).toEqual([
    "package_ready",
    "package_passphrase",
    "package_link",
    "package_downloaded",
    "package_purged",
  ]);
  expect(await activity()).toEqual([
    "request.show_package_passphrase success",
    "request.create_package_link success",
    "request.download_package refused",
    "request.download_package success",
    "request.download_package refused",
    "request.create_package_link refused",
  ]);
  const [row] = await world.sql`
    select sha256, files from privacy_request_package where request_id = ${request.id}`;
  expect(row?.files).toHaveLength(6);
  expect(row?.sha256).toMatch(/^[0-9a-f]{64}$/);
  // None is made for a request that is closed: nothing offers it.
  await world.sql`update privacy_request set state = 'closed', closed_at = now() where id = ${request.id}`;
  expect(await toldBy()).toEqual([gone, undefined]);
});

describe("who may not", () => {
  test("a viewer, an operator's like, somebody not signed in: refused at the link and at the download, on record", async () => {
    const link = await linkOf();
    expect((await download(link, world.viewer)).status).toBe(403);
    expect((await download(link, null)).status).toBe(401);
    expect((await download(link, { ...world.officer, targets: ["eu"] })).status).toBe(403);
    expect((await download(link, { ...world.officer, person: null })).status).toBe(403);
    const asked = await createLink(world.viewer);
    expect(asked.ok === false && asked.error.code).toBe("FORBIDDEN");
    expect(await activity()).toContain("request.download_package refused");
    expect(await look()).toMatchObject({ state: "ready", link: true });
  });

  test("whoever has not proven within five minutes that it is they gets neither link nor passphrase", async () => {
    const session = world.officer.sessionId as string;
    await world.sql`
      update sessions set reauthenticated_at = now() - interval '6 minutes' where id = ${session}`;
    const input = { request: request.number };
    const asked = [
      await world.run(adminActions.createPackageLink, input),
      await world.run(adminActions.showPackagePassphrase, input),
    ];
    await world.sql`update sessions set reauthenticated_at = now() where id = ${session}`;
    for (const result of asked) expect(result.ok === false && result.error.code).toBe("REAUTHENTICATE");
    expect(await look()).toMatchObject({ link: false, passphrase: true });
  });

  test("with another secret, an older link, one of another request or one whose time is over", async () => {
    const older = await linkOf();
    const link = await linkOf();
    expect((await download(older)).status).toBe(404);
    expect((await download(link.replace(/link=.{4}/, "link=AAAA"))).status).toBe(404);
    expect((await download(link.slice(0, -1))).status).toBe(400);
    const elsewhere = await answerPackage(new Request(`http://console.test${link}`), {
      actor: world.officer,
      number: "999",
    });
    expect(elsewhere.status).toBe(404);
    await world.sql`
      update privacy_request_package set link_until = now() - interval '1 second' where request_id = ${request.id}`;
    expect((await download(link)).status).toBe(404);
    expect(await look()).toMatchObject({ state: "ready", pieces });
  });

  test("at the route itself without a token or a session", async () => {
    const link = await linkOf();
    const answer = await GET(
      new Request(`http://console.test${link}`, { headers: { authorization: "Bearer nobody" } }),
      {
        params: Promise.resolve({ number: String(request.number) }),
      },
    );
    expect(answer.status).toBe(401);
  });
});

test("what breaks off does not count: the link may be used again until its time is over", async () => {
  const link = await linkOf();
  const answer = await download(link);
  const reader = (answer.body as ReadableStream<Uint8Array>).getReader();
  await reader.read();
  await reader.cancel();
  await vi.waitFor(async () => expect(await timeline()).toEqual(["package_ready", "package_link"]), 30_000);
  expect(await look()).toMatchObject({ state: "ready", pieces, link: true });
  const stored = await storedArchive(world, request);
  const got = Buffer.from(await (await download(link)).arrayBuffer());
  expect(got.equals(stored)).toBe(true);
});

test("a console that dies between the last byte and the deletion leaves a link that works once more, and then nothing", async () => {
  const link = await linkOf();
  const stored = await storedArchive(world, request);
  const locking = postgres(world.consoleUrl, { max: 1, onnotice: () => {} });
  await locking`begin`;
  await locking`lock table activity in share row exclusive mode`;
  const broken = (await download(link)).arrayBuffer();
  broken.catch(() => {});
  await vi.waitFor(async () => {
    const [waiting] = await world.sql`
      select pid from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock' and query ilike 'insert into "activity"%'`;
    expect(waiting).toBeDefined();
    await world.sql`select pg_terminate_backend(${waiting?.pid})`;
  }, 20_000);
  await expect(broken).rejects.toThrow();
  await locking`rollback`;
  await locking.end();
  expect(await look()).toMatchObject({ state: "ready", pieces, link: true, downloaded_at: null });
  expect(await timeline()).toEqual(["package_ready", "package_link"]);
  expect(Buffer.from(await (await download(link)).arrayBuffer()).equals(stored)).toBe(true);
  await vi.waitFor(
    async () => expect(await look()).toMatchObject({ state: "downloaded", pieces: 0, link: false }),
    30_000,
  );
  expect(await storedArchive(world, request)).toHaveLength(0);
});

test("of two who use a link at once one alone gets the whole", async () => {
  const link = await linkOf();
  const stored = await storedArchive(world, request);
  const both = await Promise.allSettled(
    [0, 1].map(async () => Buffer.from(await (await download(link)).arrayBuffer())),
  );
  const whole = both.filter((one) => one.status === "fulfilled" && one.value.equals(stored));
  expect(whole).toHaveLength(1);
  await vi.waitFor(
    async () => expect((await timeline()).filter((kind) => kind === "package_downloaded")).toHaveLength(1),
    30_000,
  );
  expect(await look()).toMatchObject({ state: "downloaded", pieces: 0 });
});

test("a package that nobody fetches is deleted when its time is over, and one of a request that is withdrawn", async () => {
  await linkOf();
  const ahead = (days: number) => new Date(Date.now() + days * 86_400_000);
  expect(await purgePackages(world.console, ahead(packageDays - 1))).toBe(0);
  expect(await purgePackages(world.console, ahead(packageDays + 1))).toBeGreaterThanOrEqual(1);
  expect(await look()).toMatchObject({ state: "expired", pieces: 0, link: false, passphrase: false });
  expect(await timeline()).toContain("package_purged");
  expect(await activity()).toContain("request.purge_package success");

  const withdrawn = await openTestRequest(world, { kind: "access", person });
  await moveTestRequest(world, withdrawn.number, "withdrawn");
  await world.sql`
    insert into privacy_request_package (id, request_id, state, began_at)
    values (gen_random_uuid(), ${withdrawn.id}, 'collecting', now())`;
  expect(await purgePackages(world.console, new Date())).toBe(1);
});

test("it is made again when its passphrase was lost: under another one, and the one before is gone", async () => {
  const first = await world.succeed(adminActions.showPackagePassphrase, { request: request.number });
  const link = await linkOf();
  const again = { request: request.number, reason: "the passphrase was lost" };
  expect(await world.run(adminActions.remakePackage, again)).toMatchObject(noController);
  await world.succeed(adminActions.setController, {
    ...{ organization: everyOrganization, version: 0, controller: demoController },
  });
  const result = await world.run(adminActions.remakePackage, again);
  if (!result.ok) throw new Error(result.error.message);
  expect((await download(link)).status).toBe(404);
  expect(await workPackage(world, result.jobId as string, {})).toMatchObject({ state: "done" });
  const second = await world.succeed(adminActions.showPackagePassphrase, { request: request.number });
  expect(second.passphrase).not.toBe(first.passphrase);
  expect(Object.keys(await unzip(await storedArchive(world, request), second.passphrase))).toHaveLength(7);
  const [row] = await world.sql`select state from privacy_request where id = ${request.id}`;
  expect(row?.state).toBe("responding");
});
