import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Board, fsync, idle, node, now, runway, startBoard, table } from "../testing/board.ts";
import { storeThreshold } from "../testing/check-states.ts";
import { previewThreshold } from "./preview-threshold.ts";

let board: Board;
beforeAll(async () => {
  board = await startBoard();
});
afterAll(() => board?.close());
beforeEach(() => board.empty());

describe("what a threshold would change", () => {
  const own = { warning: 300, critical: 900 };
  const days = { warning: 45, critical: 14 };
  const preview = (
    limits: { warning: number | null; critical: number | null; unit?: string },
    scope: { target?: string; objectKey?: string; targets?: string[] } = {},
    check = idle,
  ) =>
    previewThreshold(board.stored, {
      check,
      targets: ["a", "b"],
      target: "a",
      objectKey: "*",
      now,
      ...scope,
      limits: { unit: check.unit, ...limits },
    }).then(({ data }) => data);

  beforeEach(async () => {
    await board.store("connections.idle", "a", 5, [
      { object: node("one"), state: "ok", value: 10, threshold: own },
      { object: node("two"), state: "ok", value: 100, threshold: own },
      { object: node("three"), state: "warning", value: 400, threshold: own },
      { object: node("patient"), state: "ok", value: 5_000, threshold: own },
      { object: node("blind"), state: "no_data" },
    ]);
    await board.store("connections.idle", "b", 5, [
      { object: node("one"), state: "ok", value: 200, threshold: own },
    ]);
  });

  test("counts the objects that would become something else, and names them; not what is fine in spite of its figure", async () => {
    expect(await preview({ warning: 50, critical: 300 })).toEqual({
      applies: 4,
      becomes: { warning: 1, critical: 1 },
      examples: [
        { target: "a", name: "three", value: 400, from: "warning", to: "critical" },
        { target: "a", name: "two", value: 100, from: "ok", to: "warning" },
      ],
    });
    expect(await preview({ warning: 300, critical: 900 })).toMatchObject({ applies: 4, becomes: {} });
    expect(await preview({ warning: 500, critical: null })).toMatchObject({ becomes: { ok: 1 } });
  });

  test("for every target it looks at those that whoever asks may see", async () => {
    const limits = { warning: 150, critical: 900 };
    expect(await preview(limits, { target: "*" })).toMatchObject({ applies: 5, becomes: { warning: 1 } });
    expect(await preview(limits, { target: "*", targets: ["a"] })).toMatchObject({ applies: 4, becomes: {} });
  });

  test("objects with limits of their own keep them", async () => {
    await storeThreshold(
      board.sql,
      { check: "connections.idle", object: "node:two" },
      { warning: 1e6, critical: null },
    );
    expect(await preview({ warning: 50, critical: 900 })).toMatchObject({ applies: 3, becomes: {} });
    expect(await preview({ warning: 50, critical: 900 }, { objectKey: "node:one" })).toMatchObject({
      applies: 1,
    });
  });

  test("where low is bad, it counts what lies below", async () => {
    await board.store("partitions.runway", "a", 5, [
      { object: table("near"), state: "ok", value: 50, threshold: days },
      { object: table("far"), state: "ok", value: 500, threshold: days },
    ]);
    expect(await preview({ warning: 60, critical: 14 }, {}, runway)).toMatchObject({
      becomes: { warning: 1 },
      examples: [{ name: "public.near" }],
    });
  });

  test.each([
    ["neither limit", { warning: null, critical: null }, "BAD_INPUT"],
    ["critical below warning", { warning: 10, critical: 5 }, "BAD_INPUT"],
    ["equal limits", { warning: 10, critical: 10 }, "BAD_INPUT"],
    ["another unit", { warning: 10, critical: 50, unit: "ms" }, "BAD_INPUT"],
  ])("%s is refused", async (_, limits, code) => {
    await expect(preview(limits)).rejects.toMatchObject({ code });
  });

  test("a falling check wants critical below warning, a condition has no threshold", async () => {
    await expect(preview({ warning: 10, critical: 50 }, {}, runway)).rejects.toMatchObject({
      code: "BAD_INPUT",
    });
    await expect(preview({ warning: 1, critical: null }, {}, fsync)).rejects.toMatchObject({
      code: "UNSUPPORTED",
    });
  });
});
