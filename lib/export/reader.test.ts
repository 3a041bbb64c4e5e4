import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import type { AppError } from "../errors.ts";
import { readerLimits, watchReader } from "./reader.ts";

const limits = { stalledMs: 5_000, windowMs: 100, leastBytesPerSecond: 100_000 };

/** Reads up to forty pieces of 1,000 bytes, each after `readerMs`; answers what was taken and why it was stopped. */
async function read(source: { everyMs: number }, readerMs: number, given = limits) {
  const reasons: AppError[] = [];
  let taken = 0;
  async function* pieces() {
    for (let i = 0; i < 40; i++) {
      if (source.everyMs > 0) await sleep(source.everyMs);
      yield Buffer.alloc(1_000);
    }
  }
  const watched = watchReader(pieces(), given, {
    stop: (reason) => reasons.push(reason),
    onTaken: (bytes) => {
      taken += bytes;
    },
  });
  for await (const _ of watched) {
    if (reasons.length > 0) break;
    if (readerMs > 0) await sleep(readerMs);
  }
  return { taken, reasons };
}

test("a reader that takes a little now and then is stopped after the window, and told how to go on", async () => {
  const { taken, reasons } = await read({ everyMs: 0 }, 25);
  expect(taken).toBeLessThan(10_000);
  expect(reasons[0]).toMatchObject({
    code: "TIMEOUT",
    message: expect.stringMatching(
      /^The export was stopped: its reader took \d+ kB\/s over 0 s; at least 98 kB\/s/,
    ),
    hint: expect.stringContaining("--resume"),
  });
});

test("a reader that waits for rows is not the one that is slow", async () => {
  expect(await read({ everyMs: 10 }, 0)).toEqual({ taken: 40_000, reasons: [] });
});

test("a reader that takes nothing is stopped while it waits", async () => {
  const { reasons } = await read({ everyMs: 0 }, 60, { ...limits, stalledMs: 20 });
  expect(reasons[0]).toMatchObject({
    code: "TIMEOUT",
    message: expect.stringContaining("nobody took its data"),
  });
});

test("a piece every 119 seconds is too little, a poor line is not", () => {
  const pieceBytes = 128 * 1024;
  expect(pieceBytes / 119).toBeLessThan(readerLimits.leastBytesPerSecond);
  expect(1_000_000 / 8).toBeGreaterThan(readerLimits.leastBytesPerSecond);
  expect(readerLimits.windowMs).toBeLessThanOrEqual(300_000);
});
