import { setImmediate as nextTurn, setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { AppError } from "../../errors.ts";
import { createAppendBatcher } from "./append-batcher.ts";
import type { AppendRow } from "./append-rows.ts";
import type { Appended } from "./appended.ts";

const rowOf = (id: string) => ({ id }) as AppendRow;
const answerFor = ({ id }: AppendRow) => ({ id }) as Appended;

/** A batcher over a writer that takes `ms`, which notes its batches and how many were under way at once. */
function watched(ms: number, write = async (rows: readonly AppendRow[]) => rows.map(answerFor)) {
  const seen = { batches: [] as string[][], underWay: 0, most: 0 };
  const append = createAppendBatcher(async (rows) => {
    seen.batches.push(rows.map(({ id }) => id));
    seen.most = Math.max(seen.most, ++seen.underWay);
    try {
      await sleep(ms);
      return await write(rows);
    } finally {
      seen.underWay--;
    }
  });
  return { seen, append };
}

test("a lone event waits for nobody", async () => {
  const { seen, append } = watched(0);
  const answer = append([rowOf("a")]);
  // Under way before any timer has its turn.
  await nextTurn();
  expect(seen.batches).toEqual([["a"]]);
  expect(await answer).toEqual([{ id: "a" }]);
  expect(seen.batches).toEqual([["a"]]);
});

test("at most two batches are under way; who comes meanwhile forms the next, in order, each given their own", async () => {
  const { seen, append } = watched(5);
  const callers = Array.from({ length: 50 }, async (_, caller) => {
    for (let turn = 0; turn < 20; turn++) {
      const ids = [`${caller}/${turn}/0`, `${caller}/${turn}/1`];
      expect((await append(ids.map(rowOf))).map(({ id }) => id)).toEqual(ids);
    }
  });
  await Promise.all(callers);
  expect(seen.most).toBe(2);
  expect(seen.batches.flat()).toHaveLength(2_000);
  expect(new Set(seen.batches.flat()).size).toBe(2_000);
  // Fifty callers of two events in two batches.
  expect(seen.batches.length).toBeLessThan(2_000 / 25);
});

test("a call is never torn apart, and no batch has more than a thousand rows by joining", async () => {
  const { seen, append } = watched(1);
  const calls = Array.from({ length: 30 }, (_, call) =>
    append(Array.from({ length: 190 }, (_, at) => rowOf(`${call}/${at}`))),
  );
  expect((await Promise.all(calls)).map((answers) => answers.length)).toEqual(calls.map(() => 190));
  for (const batch of seen.batches) {
    expect(batch.length).toBeLessThanOrEqual(1_000);
    expect(batch.length % 190).toBe(0);
  }
});

test("what fails for one caller fails for nobody else", async () => {
  const { append } = watched(1, async (rows) => {
    if (rows.some(({ id }) => id === "bad")) throw new Error("no such thing");
    return rows.map(answerFor);
  });
  const settled = await Promise.allSettled(["a", "bad", "b", "c"].map((id) => append([rowOf(id)])));
  expect(settled.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled", "fulfilled"]);
});

test("an outage is everybody's, and tried once", async () => {
  const { seen, append } = watched(1, async () => {
    throw new AppError("UNAVAILABLE", "The database is away.");
  });
  const settled = await Promise.allSettled(["a", "b", "c"].map((id) => append([rowOf(id)])));
  expect(settled.map(({ status }) => status)).toEqual(["rejected", "rejected", "rejected"]);
  expect(seen.batches.flat().toSorted()).toEqual(["a", "b", "c"]);
});

test("more than twenty thousand events waiting are refused at once, with the time to come again", async () => {
  const { append } = watched(20);
  const many = Array.from({ length: 200 }, (_, at) => rowOf(`${at}`));
  const waiting = Array.from({ length: 100 }, () => append(many));
  expect(() => append(many)).toThrow(
    expect.objectContaining({ code: "OVERLOADED", retryAfterSeconds: 1, retryable: true }),
  );
  expect(await Promise.all(waiting)).toHaveLength(100);
  await append(many);
});
