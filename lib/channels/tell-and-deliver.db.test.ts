import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { createMasterKeyFile, openMasterKeyFile } from "../audit-db/vault/file-master-keys.ts";
import { schema } from "../db/schema.ts";
import { replaceEnv } from "../env.ts";
import { type Administration, startAdministration } from "../testing/administration.ts";
import { addIncident } from "../testing/incidents.ts";
import { type Receiver, startReceiver } from "../testing/messages.ts";
import { type DeliveringOptions, deliverChannel } from "./deliver-channel.ts";
import { enableChannel } from "./enable-channel.ts";
import { delivering } from "./keep-delivering.ts";
import type { Message } from "./message.ts";
import { readChannelHealth } from "./read-health.ts";
import { createReach } from "./send/reach.ts";
import { senders } from "./send/senders.ts";
import { setChannel } from "./set-channel.ts";
import { pauseMs } from "./settle-delivery.ts";
import { tellIncidents } from "./tell-incidents.ts";
import { testChannel } from "./test-channel.ts";

let administration: Administration;
let receiver: Receiver;
const folder = mkdtempSync(path.join(tmpdir(), "channels-"));
const masterKeyFile = path.join(folder, "keys.json");
const quiet = { debug() {}, info() {}, warn: vi.fn(), error: vi.fn() };
const never = new AbortController().signal;
/** The clock of this file, in seconds after its beginning. */
const begin = Date.now();
const at = (seconds: number) => new Date(begin + seconds * 1_000);

beforeAll(async () => {
  createMasterKeyFile(masterKeyFile);
  replaceEnv({
    MASTER_KEY_FILE: masterKeyFile,
    ALERT_DESTINATIONS_ALLOWED: "127.0.0.1",
    LOG_LEVEL: "silent",
  });
  [administration, receiver] = await Promise.all([startAdministration(), startReceiver()]);
});
afterAll(async () => {
  await Promise.all([receiver?.close(), administration?.close()]);
  replaceEnv({});
  rmSync(folder, { recursive: true });
});
beforeEach(async () => {
  await administration.sql`truncate channel, route, incident, alert, telling_thread, delivery cascade`;
  receiver.received.length = 0;
  receiver.answer(200);
});

const options = (given: Partial<DeliveringOptions> = {}): DeliveringOptions => ({
  console: administration.console,
  masterKeys: openMasterKeyFile(masterKeyFile),
  senders,
  reach: createReach(["127.0.0.1"]),
  mail: { url: undefined, from: undefined },
  logger: quiet as never,
  timeoutMs: 5_000,
  ...given,
});
const hook = async (name: string, given: { url?: string; details?: boolean } = {}) => {
  const { url = receiver.url, details = false } = given;
  const { succeed, admin } = administration;
  const made = await succeed(setChannel, admin, {
    kind: "webhook",
    name,
    details,
    config: { url: `${url}/${name}` },
  });
  return made.id;
};
const tell = (seconds: number, hushed = false) =>
  tellIncidents(
    {
      console: administration.console,
      titleOf: () => "Idle in transaction",
      hushes: async () => () => hushed,
      baseUrl: "https://console.test/",
    },
    at(seconds),
  );
const send = (channel: string, seconds: number, given: Partial<DeliveringOptions> = {}) =>
  deliverChannel(channel, options({ clock: () => at(seconds), ...given }), never);
const incidentAt = (seconds: number, given: Parameters<typeof addIncident>[1] = {}) =>
  addIncident(administration.console, { firedAt: at(seconds), ...given });
const move = (id: string, change: Partial<typeof schema.incident.$inferInsert>) =>
  administration.console.db.update(schema.incident).set(change).where(eq(schema.incident.id, id));
const resolve = (id: string, seconds: number) => move(id, { condition: "normal", normalSince: at(seconds) });
const sentKinds = (path = "") =>
  receiver.received
    .filter((one) => one.path.startsWith(`/${path}`))
    .map(({ body }) => (JSON.parse(body) as { type: string }).type.replace("incident.", ""));
const log = () => administration.sql<
  { kind: string; state: string; attempts: number; answer: string | null; next: Date }[]
>`
  select kind, state, attempts, answer, next_attempt_at as next from delivery order by number`;
const timeline = async () =>
  (await administration.sql`select kind, facts from incident_event order by at, id`).map(
    ({ kind, facts }) => `${kind} ${facts.channel} ${facts.about}`,
  );

describe("what a channel is told", () => {
  test("a first channel gets everything of warning and critical, once, and the timeline says so", async () => {
    const channel = await hook("ops");
    const warning = await incidentAt(0);
    await incidentAt(0, { severity: "critical" });
    await incidentAt(0, { severity: "notice" });
    expect([await tell(29), await tell(30), await tell(31)]).toEqual([0, 2, 0]);
    await send(channel, 31);
    expect(sentKinds()).toEqual(["fired", "fired"]);
    expect(await log()).toMatchObject([
      { kind: "fired", state: "delivered", attempts: 1, answer: "200: answered 200" },
      { state: "delivered" },
    ]);
    expect(await timeline()).toEqual(["told ops fired", "told ops fired"]);
    const { data } = JSON.parse(receiver.received[0]?.body ?? "") as { data: Message };
    expect(data.link).toBe(`https://console.test/audit/alerts/${warning.number}`);
  });

  test("without leave it holds no words of a session's, a role's or a statement's; with it all of them", async () => {
    await hook("plain");
    const trusted = await hook("trusted", { details: true });
    const incident = await incidentAt(0);
    await tell(30);
    const messages = await administration.sql<{ name: string; message: Message }[]>`
      select c.name, d.message from delivery d join channel c on c.id = d.channel_id order by c.name`;
    const [plain, full] = messages.map(({ message }) => message);
    expect(JSON.stringify(plain)).not.toMatch(/ada|4711|vacuum/);
    expect(plain).toMatchObject({
      title: "Idle in transaction",
      objects: [],
      detail: null,
      value: "12 min, limit 5 min",
    });
    expect(full).toMatchObject({
      title: "Session 4711 of ada is idle in transaction for 12 min.",
      objects: ["4711 (ada)"],
      detail: "It holds back vacuum.",
    });
    await move(incident.id, { state: "acknowledged", acknowledgedAt: at(40), acknowledgedByName: "grace" });
    await tell(40);
    const [taken] = await administration.sql`
      select message from delivery where kind = 'acknowledged' and channel_id = ${trusted}`;
    expect(taken?.message.by).toBe("grace");
    const [untrusted] = await administration.sql`
      select message from delivery where kind = 'acknowledged' and channel_id <> ${trusted}`;
    expect(untrusted?.message.by).toBe(null);
  });

  test("a resolve goes to whoever was told of the fire, also silenced in between; a fire not sent yet is withdrawn", async () => {
    const told = await hook("told");
    const incident = await incidentAt(0);
    await tell(30);
    await send(told, 30);
    const late = await hook("late");
    await tell(31);
    await resolve(incident.id, 40);
    expect(await tell(40, true)).toBe(2);
    await Promise.all([send(told, 41), send(late, 41)]);
    expect([sentKinds("told"), sentKinds("late")]).toEqual([["fired", "resolved"], []]);
    expect((await log()).map(({ kind, state }) => `${kind} ${state}`)).toEqual([
      "fired delivered",
      "fired withdrawn",
      "resolved delivered",
    ]);
    expect(await tell(400)).toBe(0);
    await move(incident.id, { condition: "firing", firedAt: at(500), telling: 2 });
    expect([await tell(529), await tell(530)]).toEqual([0, 2]);
    await Promise.all([send(told, 530), send(late, 530)]);
    expect([sentKinds("told"), sentKinds("late")]).toEqual([["fired", "resolved", "refired"], ["refired"]]);
  });

  test("hushed it is told nobody, and is when the hush ends and it still fires", async () => {
    await hook("ops");
    await incidentAt(0);
    expect([await tell(60, true), await tell(90, true), await tell(91)]).toEqual([0, 0, 1]);
  });
});

describe("a channel that does not take it", () => {
  test("gets each incident's messages in order once it does; another channel waits for none of it", async () => {
    const [down, up] = [await hook("down"), await hook("up")];
    const incident = await incidentAt(0);
    const other = await incidentAt(0);
    await tell(30);
    receiver.answer((request, response) => response.writeHead(request.path === "/down" ? 503 : 200).end());
    await Promise.all([send(down, 30), send(up, 30)]);
    expect(sentKinds("up")).toEqual(["fired", "fired"]);
    // The first refusal is taken for all.
    expect(sentKinds("down")).toEqual(["fired"]);
    const [first] = await log();
    const pause = ((first?.next.getTime() ?? 0) - at(30).getTime()) / 1_000;
    expect(pause).toBeGreaterThanOrEqual(4);
    expect(pause).toBeLessThanOrEqual(6);
    await send(down, 33);
    expect(sentKinds("down")).toHaveLength(1);
    await move(incident.id, { telling: 2, severity: "critical" });
    await tell(34);
    await resolve(other.id, 34);
    await tell(35);
    await send(down, 40);
    receiver.answer(200);
    receiver.received.length = 0;
    await send(down, 200);
    const perIncident = Map.groupBy(
      receiver.received.map(({ body }) => JSON.parse(body) as { type: string; data: Message }),
      ({ data }) => data.incident?.id,
    );
    const types = (id: string) => perIncident.get(id)?.map(({ type }) => type);
    expect(types(incident.id)).toEqual(["incident.fired", "incident.rose"]);
    // Its fire was never sent: it was not told, and is not told that it is over.
    expect(types(other.id)).toBeUndefined();
    expect(await timeline()).toContain("telling_failed down fired");
    const [channel] =
      await administration.sql`select failing_since, last_error from channel where name = 'down'`;
    expect(channel).toEqual({ failing_since: null, last_error: null });
  });

  test("is tried for three days with growing pauses, then given up and shown", async () => {
    expect([1, 2, 3, 4, 7, 8, 30].map((attempt) => pauseMs(attempt, 0.5) / 1_000)).toEqual([
      5, 15, 45, 135, 3_600, 3_600, 3_600,
    ]);
    expect([pauseMs(1, 0), pauseMs(1, 1)]).toEqual([4_000, 6_000]);
    const channel = await hook("ops");
    await incidentAt(0);
    await tell(30);
    receiver.answer(500);
    await send(channel, 30);
    await administration.sql`update channel set resume_at = null`;
    await send(channel, 3 * 86_400 + 30);
    expect(await log()).toMatchObject([
      { state: "dead", attempts: 2, answer: "127.0.0.1 answered 500: answered 500" },
    ]);
    expect(await timeline()).toEqual(["telling_failed ops fired", "telling_failed ops fired"]);
  });

  test("is asked again when it says so, and is disabled when it wants nothing any more", async () => {
    const channel = await hook("ops");
    await incidentAt(0);
    await tell(30);
    receiver.answer((_request, response) => response.writeHead(429, { "retry-after": "600" }).end());
    await send(channel, 30);
    await send(channel, 629);
    expect(receiver.received).toHaveLength(1);
    receiver.answer(410);
    await send(channel, 630);
    const [row] = await administration.sql`select enabled, disabled_because from channel`;
    expect(row).toEqual({
      enabled: false,
      disabled_because: "127.0.0.1 answered 410: answered 410. It wants nothing any more.",
    });
    const incident = await incidentAt(700);
    expect(await tell(800)).toBe(0);
    await administration.succeed(enableChannel, administration.admin, { channelId: channel, enabled: true });
    expect(await tell(801)).toBe(1);
    receiver.answer(200);
    await send(channel, 801);
    expect(JSON.parse(receiver.received.at(-1)?.body ?? "").data.incident.id).toBe(incident.id);
  });
});

test("a test that is not taken says nothing of the channel; one that is sends what waited behind an outage", async () => {
  const channel = await hook("ops");
  const { succeed, admin, sql, console } = administration;
  const tryIt = async (seconds: number) => {
    await succeed(testChannel, admin, { channelId: channel });
    await send(channel, seconds);
  };
  for (const status of [503, 401, 410]) {
    receiver.answer(status);
    await tryIt(0);
  }
  expect(await log()).toMatchObject(Array(3).fill({ kind: "test", state: "dead", attempts: 1 }));
  expect(
    await sql`select enabled, failing_since, last_error, resume_at, disabled_because from channel`,
  ).toEqual([
    { enabled: true, failing_since: null, last_error: null, resume_at: null, disabled_because: null },
  ]);
  expect(await readChannelHealth(console.sql)).toMatchObject([{ name: "ops", failingSince: null }]);

  receiver.answer((_request, response) =>
    response.writeHead(503, { "retry-after": "3600" }).end("answered 503"),
  );
  await incidentAt(0);
  await tell(30);
  await send(channel, 30);
  expect(await readChannelHealth(console.sql)).toMatchObject([{ failingSince: at(30), waiting: 1 }]);
  await tryIt(31);
  expect(await readChannelHealth(console.sql)).toMatchObject([
    { failingSince: at(30), error: "127.0.0.1 answered 503: answered 503" },
  ]);
  receiver.answer(200);
  await tryIt(32);
  // It may have arrived, or be under way in another process: for as long as an attempt may take nobody sends it again.
  await send(channel, 46);
  expect(sentKinds().slice(-1)).toEqual(["test"]);
  await send(channel, 47);
  expect(sentKinds().slice(-1)).toEqual(["fired"]);
  expect(await readChannelHealth(console.sql)).toMatchObject([{ failingSince: null, waiting: 0 }]);
});

describe("at least once", () => {
  test("killed between sending and noting it, it is sent again under the same id, and its resolve is told", async () => {
    const channel = await hook("ops");
    const incident = await incidentAt(0);
    await tell(30);
    const killed = new AbortController();
    receiver.answer((_request, _response) => killed.abort());
    await deliverChannel(channel, options({ clock: () => at(30) }), killed.signal);
    expect(await log()).toMatchObject([{ state: "pending", attempts: 1, answer: null }]);
    receiver.answer(200);
    // While its claim lasts nobody else begins with it.
    await send(channel, 44);
    expect(receiver.received).toHaveLength(1);
    await resolve(incident.id, 44);
    await tell(44);
    await send(channel, 46);
    expect(sentKinds()).toEqual(["fired", "fired", "resolved"]);
    const ids = receiver.received.map(({ headers }) => headers["webhook-id"]);
    expect(ids[1]).toBe(ids[0]);
    expect(ids[2]).not.toBe(ids[0]);
  });

  test("killed before the telling is kept, the next round finds the same difference", async () => {
    await hook("ops");
    await incidentAt(0);
    const broken = {
      console: administration.console,
      titleOf: () => {
        throw new Error("killed");
      },
      hushes: async () => () => false,
      baseUrl: undefined,
    };
    await expect(tellIncidents(broken, at(30))).rejects.toThrow("killed");
    expect(await log()).toEqual([]);
    expect(await tell(30)).toBe(1);
  });

  test("two workers at once tell and send each thing once", async () => {
    const channel = await hook("ops");
    for (let i = 0; i < 5; i++) await incidentAt(0);
    const told = await Promise.all([tell(30), tell(30), tell(30)]);
    expect(told.reduce((sum, one) => sum + one)).toBe(5);
    await Promise.all([send(channel, 30), send(channel, 30), send(channel, 30)]);
    expect(receiver.received).toHaveLength(5);
    expect(new Set(receiver.received.map(({ headers }) => headers["webhook-id"])).size).toBe(5);
  });

  test("an outage of the console's database between two rounds loses nothing", async () => {
    const channel = await hook("ops");
    await incidentAt(0);
    await tell(30);
    const cut = () => administration.sql`
      select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid()`;
    receiver.answer((_request, response) => void cut().then(() => response.writeHead(200).end()));
    await send(channel, 30).catch(() => {});
    receiver.answer(200);
    await expect
      .poll(() =>
        send(channel, 60).then(
          () => sentKinds(),
          () => [],
        ),
      )
      .toContain("fired");
    await expect.poll(async () => (await log()).map(({ state }) => state)).toEqual(["delivered"]);
  });
});

test("a channel that hangs holds up neither another nor the round, and a test goes in front of what waits", async () => {
  const open: Socket[] = [];
  const silent = createServer((socket) => open.push(socket));
  await new Promise<void>((done) => silent.listen(0, "127.0.0.1", done));
  const { port } = silent.address() as { port: number };
  await hook("hanging", { url: `http://127.0.0.1:${port}` });
  const fine = await hook("fine");
  await incidentAt(0);
  await tell(30);
  const stop = new AbortController();
  const round = delivering(options({ clock: () => at(31), timeoutMs: 60_000 }));
  await round(stop.signal);
  await expect.poll(() => sentKinds("fine")).toEqual(["fired"]);
  await incidentAt(0);
  await tell(60);
  const { succeed, admin } = administration;
  await succeed(testChannel, admin, { channelId: fine });
  await expect
    .poll(async () => {
      await delivering(options({ clock: () => at(60) }))(stop.signal);
      return sentKinds("fine");
    })
    .toEqual(["fired", "test", "fired"]);
  stop.abort();
  for (const socket of open) socket.destroy();
  await new Promise((done) => silent.close(done));
});

test("what the other side says of its own silences stands with the incident", async () => {
  const channel = await hook("ops");
  const incident = await incidentAt(0);
  let words: string | null = "silenced in Alertmanager by ada until 2026-11-28 06:00 UTC: known";
  const silent = { ...senders, webhook: async () => ({ answer: "200", silencedThere: words }) };
  await tell(30);
  await send(channel, 30, { senders: silent });
  const thread = async () =>
    (await administration.sql`select silenced_there->>'words' as words from telling_thread`)[0]?.words;
  expect(await thread()).toBe(words);
  words = null;
  await move(incident.id, { telling: 2, severity: "critical" });
  await tell(40);
  await send(channel, 40, { senders: silent });
  expect(await thread()).toBe(null);
  expect((await timeline()).sort()).toEqual([
    "silenced ops fired",
    "told ops fired",
    "told ops rose",
    "unsilenced ops rose",
  ]);
});
