import { createServer, type Socket } from "node:net";
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
  options,
  receiver,
  resolve,
  send,
  sentKinds,
  startTellings,
  tell,
  timeline,
} from "../testing/telling-world.ts";
import { enableChannel } from "./enable-channel.ts";
import { delivering } from "./keep-delivering.ts";
import type { Message } from "./message.ts";
import { readChannelHealth } from "./read-health.ts";
import { pauseMs } from "./settle-delivery.ts";
import { testChannel } from "./test-channel.ts";

beforeAll(startTellings);
afterAll(endTellings);
beforeEach(forgetTellings);

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
