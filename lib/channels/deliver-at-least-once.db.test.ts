import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import {
  administration,
  at,
  endTellings,
  forgetTellings,
  hook,
  incidentAt,
  log,
  options,
  receiver,
  resolve,
  send,
  sentKinds,
  startTellings,
  tell,
} from "../testing/telling-world.ts";
import { deliverChannel } from "./deliver-channel.ts";
import { tellIncidents } from "./tell-incidents.ts";

beforeAll(startTellings);
afterAll(endTellings);
beforeEach(forgetTellings);

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
