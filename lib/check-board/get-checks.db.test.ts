import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { ActiveSilence } from "../alerting/overlay.ts";
import type { CheckObject } from "../check.ts";
import { ago, type Board, checks, node, now, startBoard, table } from "../testing/board.ts";
import { storeThreshold } from "../testing/check-states.ts";
import { getCheck } from "./get-check.ts";
import { getChecks } from "./get-checks.ts";
import type { CheckStanding } from "./types.ts";

const silences = async () => [];

let board: Board;
beforeAll(async () => {
  board = await startBoard();
});
afterAll(() => board?.close());
beforeEach(() => board.empty());

async function standings(targets = ["a"]): Promise<Map<string, CheckStanding>> {
  const { data } = await getChecks(board.stored, { checks, targets, now });
  return new Map(data.standings.map((each) => [`${each.target} ${each.check}`, each]));
}

describe("the board", () => {
  test("names every check on every target, with the worst object and the objects by state", async () => {
    await board.store("connections.idle", "a", 5, [
      { object: node("one"), state: "ok", value: 1 },
      { object: node("two"), state: "warning", value: 400, since: ago(400) },
      { object: node("three"), state: "warning", value: 600 },
    ]);
    await board.store("partitions.runway", "a", 5, [
      { object: table("near"), state: "critical", value: 3 },
      { object: table("far"), state: "critical", value: 9 },
    ]);
    await board.store("server.fsync_off", "b", 5, [{ object: { kind: "target" }, state: "ok" }]);
    const { data, observedAt } = await getChecks(board.stored, { checks, targets: ["a", "b"], now });
    expect(observedAt).toEqual(ago(5));
    expect(data.standings.map(({ target, check, state }) => [target, check, state])).toEqual([
      ["a", "connections.idle", "warning"],
      ["a", "partitions.runway", "critical"],
      ["a", "server.fsync_off", "no_data"],
      ["b", "connections.idle", "no_data"],
      ["b", "partitions.runway", "no_data"],
      ["b", "server.fsync_off", "ok"],
    ]);
    const [first, second] = data.standings;
    expect(first).toMatchObject({
      freshness: "current",
      counts: { ok: 1, warning: 2 },
      worst: { key: "node:three", name: "three", value: 600, title: "node:three is warning." },
      limits: { warning: 300, critical: 900, setBy: null },
      complete: true,
      error: null,
    });
    // Where low is bad, the lowest is worst.
    expect(second?.worst).toMatchObject({ name: "public.near", value: 3 });
    expect(data.checks[1]).toMatchObject({ topic: "partitions", direction: "falling", unit: "days" });
    expect(data.checks[2]).toMatchObject({ limits: null, direction: null });
  });

  test("what nobody has looked at for three intervals is not fine, and what was bad stays bad", async () => {
    await board.store("connections.idle", "a", 91, [{ object: node("one"), state: "ok", value: 1 }]);
    await board.store("partitions.runway", "a", 600, [{ object: table("t"), state: "warning", value: 20 }]);
    await board.store("server.fsync_off", "a", 89, [{ object: { kind: "target" }, state: "ok" }]);
    const found = await standings();
    expect(found.get("a connections.idle")).toMatchObject({ state: "no_data", freshness: "old" });
    expect(found.get("a partitions.runway")).toMatchObject({ state: "warning", freshness: "old" });
    expect(found.get("a server.fsync_off")).toMatchObject({ state: "ok", freshness: "current" });
  });

  test("a failed look is told beside the last states, and hides nothing worse", async () => {
    const error = { code: "TIMEOUT", message: "The check did not answer within 20 s." };
    await board.store("connections.idle", "a", 5, [{ object: node("one"), state: "ok" }], {
      complete: false,
      error,
    });
    await board.store("partitions.runway", "a", 5, [{ object: table("t"), state: "critical" }], {
      complete: false,
      error,
    });
    const found = await standings();
    expect(found.get("a connections.idle")).toMatchObject({ state: "error", counts: { ok: 1 }, error });
    expect(found.get("a partitions.runway")).toMatchObject({ state: "critical", error });
  });

  test("a complete answer without objects is fine, one that was cut before its first is not", async () => {
    await board.store("connections.idle", "a", 5, []);
    await board.store("partitions.runway", "a", 5, [], { complete: false });
    const found = await standings();
    expect(found.get("a connections.idle")).toMatchObject({ state: "ok", worst: null });
    expect(found.get("a partitions.runway")).toMatchObject({ state: "no_data", worst: null });
  });

  test("what an incomplete answer no longer names is counted as not confirmed", async () => {
    await board.store(
      "connections.idle",
      "a",
      5,
      [
        { object: node("one"), state: "ok" },
        { object: node("two"), state: "ok", confirmed: false },
      ],
      { complete: false },
    );
    expect((await standings()).get("a connections.idle")).toMatchObject({
      state: "ok",
      unconfirmed: 1,
      complete: false,
    });
  });

  test("states of targets that were not asked for, and of checks that are no more, are left out", async () => {
    await board.store("connections.idle", "secret", 5, [{ object: node("one"), state: "critical" }]);
    await board.store("connections.gone", "a", 5, [{ object: node("one"), state: "critical" }]);
    const found = await standings();
    expect([...found.keys()]).toEqual(["a connections.idle", "a partitions.runway", "a server.fsync_off"]);
    expect([...found.values()].every(({ state }) => state === "no_data")).toBe(true);
  });

  test("the narrowest threshold is in force: object here, object anywhere, target, everywhere, code", async () => {
    const of = { check: "connections.idle" };
    await board.store("connections.idle", "a", 5, [{ object: node("one"), state: "ok", value: 1 }]);
    const inForce = async () => {
      const { data } = await getCheck(board.stored, {
        checks,
        ...of,
        target: "a",
        limit: 10,
        offset: 0,
        now,
        silences,
      });
      return [data.standing.limits?.warning, data.objects[0]?.limits?.warning];
    };
    expect(await inForce()).toEqual([300, 300]);
    await storeThreshold(board.sql, of, { warning: 10, critical: null });
    expect(await inForce()).toEqual([10, 10]);
    await storeThreshold(board.sql, { ...of, target: "a" }, { warning: 20, critical: null });
    expect(await inForce()).toEqual([20, 20]);
    await storeThreshold(board.sql, { ...of, object: "node:one" }, { warning: 30, critical: null });
    expect(await inForce()).toEqual([20, 30]);
    await storeThreshold(
      board.sql,
      { ...of, target: "a", object: "node:one" },
      { warning: 40, critical: null },
    );
    expect(await inForce()).toEqual([20, 40]);
    await storeThreshold(
      board.sql,
      { ...of, target: "b", object: "node:one" },
      { warning: 50, critical: null },
    );
    expect(await inForce()).toEqual([20, 40]);
    expect((await standings()).get("a connections.idle")).toMatchObject({
      ownLimits: 1,
      limits: { setBy: { target: "a", objectKey: "*", name: "ann" } },
    });
  });
});

describe("one check", () => {
  test("says which silence holds for an object: by its labels, until when, and of a guarded check only one of two people", async () => {
    await board.store("partitions.runway", "a", 5, [
      { object: table("muted"), state: "warning", value: 20 },
      { object: table("loud"), state: "warning", value: 21 },
    ]);
    const asked = { check: "partitions.runway", target: "a", limit: 10, offset: 0, now };
    const until = ago(-3_600);
    const look = async (guardedCheck: boolean) => {
      const own = checks.map((check) => (guardedCheck ? { ...check, guarded: true as const } : check));
      const { data } = await getCheck(board.stored, {
        ...asked,
        checks: own,
        silences: async () => [silence],
      });
      const silenced = data.objects.map(({ name, mute }) => [name, mute.silenced]);
      return { silenced: Object.fromEntries(silenced), labels: data.objects[0]?.mute.labels };
    };
    let silence: ActiveSilence = {
      ...{ id: "s", target: "a", reason: "known", by: "ann", guarded: false, until },
      matchers: [{ label: "object", is: "=", value: "public.muted" }],
    };
    const muted = { "public.muted": { id: "s", until }, "public.loud": null };
    expect(await look(false)).toEqual({
      silenced: muted,
      labels: {
        check: "partitions.runway",
        kind: "relation",
        object: "public.muted",
        database: expect.any(String),
      },
    });
    expect((await look(true)).silenced).toEqual({ "public.muted": null, "public.loud": null });
    silence = { ...silence, guarded: true };
    expect((await look(true)).silenced).toEqual(muted);
  });

  test("answers its objects worst first, green ones too, a page at a time", async () => {
    await board.store("partitions.runway", "a", 5, [
      { object: table("fine"), state: "ok", value: 400 },
      { object: table("less"), state: "warning", value: 20 },
      { object: table("least"), state: "critical", value: 2 },
      {
        object: table("blind"),
        state: "unavailable",
        unavailable: {
          code: "no_grant",
          reason: "It may not look.",
          enable: "grant select on t to watcher;",
        },
      },
    ]);
    const page = async (limit: number, offset: number) => {
      const asked = { checks, check: "partitions.runway", target: "a", limit, offset, now, silences };
      const { data } = await getCheck(board.stored, asked);
      return { total: data.total, names: data.objects.map(({ name }) => name), objects: data.objects };
    };
    expect(await page(10, 0)).toMatchObject({
      total: 4,
      names: ['public."least"', "public.less", "public.blind", "public.fine"],
    });
    expect((await page(1, 2)).objects[0]).toMatchObject({
      name: "public.blind",
      unavailable: { enable: "grant select on t to watcher;" },
    });
  });

  test("a session is called by its pid and name", async () => {
    const object: CheckObject = {
      kind: "session",
      pid: 4711,
      backendStart: ago(60),
      name: "report-worker",
    };
    await board.store("connections.idle", "a", 5, [{ object, state: "ok" }]);
    const asked = { checks, check: "connections.idle", target: "a", limit: 10, offset: 0, now, silences };
    const { data } = await getCheck(board.stored, asked);
    expect(data.objects[0]?.name).toBe("pid 4711 (report-worker)");
  });

  test("one that does not exist is not found", async () => {
    const asked = { checks, check: "connections.nothing", target: "a", limit: 10, offset: 0, now, silences };
    await expect(getCheck(board.stored, asked)).rejects.toMatchObject({ code: "NOT_FOUND" });
  });
});
