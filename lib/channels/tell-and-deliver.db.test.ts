import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import {
  administration,
  at,
  endTellings,
  forgetTellings,
  hook,
  incidentAt,
  log,
  move,
  receiver,
  resolve,
  send,
  sentKinds,
  startTellings,
  tell,
  timeline,
} from "../testing/telling-world.ts";
import type { Message } from "./message.ts";
import { senders } from "./send/senders.ts";

beforeAll(startTellings);
afterAll(endTellings);
beforeEach(forgetTellings);

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
    // An id may have these letters by chance.
    expect(JSON.stringify(plain).replace(/[\da-f-]{36}/g, "")).not.toMatch(/ada|4711|vacuum/);
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
