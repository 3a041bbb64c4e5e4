import { expect, test } from "vitest";
import type { Appended } from "../audit-db/append/appended.ts";
import { AppError } from "../errors.ts";
import { ingestLines } from "./ingest-lines.ts";
import { beginProgress, countOutcomes, tellProgress } from "./ingest-progress.ts";

const told = (lastLine: number, counts: object, begunLine = lastLine) =>
  tellProgress({ lastLine, begunLine, counts: { ...countOutcomes([]), ...counts } });

test.each([
  [told(0, {}), "No line is stored."],
  [told(2_000, { stored: 1_999, quarantined: 1 }), "Lines up to 2000 are stored."],
  [told(200_000, { rejected: 200_000 }), "Of the lines up to 200000, none is stored, 200000 were rejected."],
  [
    told(3_000, { stored: 2_000, duplicate: 998, rejected: 1, conflict: 1 }),
    "Of the lines up to 3000, 2998 are stored, 1 was rejected, 1 is in conflict with what is stored.",
  ],
  [told(0, {}, 2_000), "What became of lines 1 to 2000 is not known; nothing behind them is stored."],
  [
    told(1_000, { stored: 1_000 }, 3_000),
    "Lines up to 1000 are stored. What became of lines 1001 to 3000 is not known; nothing behind them is stored.",
  ],
])("%s", (said, expected) => {
  expect(said).toBe(expected);
});

async function* lines(count: number, text: string) {
  for (let number = 1; number <= count; number++) yield { number, text };
}

const good = '{"organizationId":"o","action":"a","status":"success"}';
const kept = (events: unknown[]) =>
  events.map((): Appended => ({ id: "", occurredAt: "", leaf: "", outcome: "stored" }));

test("lines that are no events are not said to be stored, and count against the allowance all the same", async () => {
  const progress = beginProgress();
  const admitted: number[] = [];
  const append = () => Promise.reject(new Error("there is nothing to append"));
  const admit = async (count: number) => void admitted.push(count);
  await Array.fromAsync(ingestLines(lines(2_500, "7"), { append, admit, progress }));
  expect(progress).toEqual({
    lastLine: 2_500,
    begunLine: 0,
    counts: { ...countOutcomes([]), rejected: 2_500 },
  });
  expect(admitted).toEqual([1_000, 1_000, 500]);
});

test("where an append fails, what came before is known and what was handed over is not", async () => {
  const progress = beginProgress();
  const append = async (events: unknown[], batch: number) => {
    if (batch === 2) throw new AppError("UNAVAILABLE", "The connection is lost.");
    return kept(events);
  };
  const ingest = Array.fromAsync(ingestLines(lines(9_000, good), { append, progress }));
  await expect(ingest).rejects.toMatchObject({ code: "UNAVAILABLE" });
  expect(progress).toEqual({
    lastLine: 2_000,
    begunLine: expect.toSatisfy((line: number) => line === 3_000 || line === 4_000),
    counts: { ...countOutcomes([]), stored: 2_000 },
  });
});
