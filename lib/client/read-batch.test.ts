import { describe, expect, it, vi } from "vitest";
import type { ReadResult } from "../result.ts";
import { createReadBatch, type SendReads } from "./read-batch.ts";
import type { ReadRequest } from "./reads.ts";

const ask = (name: string): ReadRequest => ({ name, target: "demo", input: {}, maxAgeMs: 0 });
const answer = (data: unknown): ReadResult<unknown> => ({
  ok: true,
  data,
  observedAt: new Date(0),
  source: "pg_stat_activity",
});

describe("createReadBatch", () => {
  it("sends every read of one tick in one call and the next tick's in another", async () => {
    const send = vi.fn<SendReads>(async (requests) =>
      requests.map((r) => ({ value: Promise.resolve(answer(r.name)) })),
    );
    const read = createReadBatch(send);
    const first = await Promise.all([read(ask("a")), read(ask("b")), read(ask("c"))]);
    await read(ask("d"));
    expect(send.mock.calls.map(([requests]) => requests.map((r) => r.name))).toEqual([
      ["a", "b", "c"],
      ["d"],
    ]);
    expect(first.map((r) => r.ok && r.data)).toEqual(["a", "b", "c"]);
  });

  it("splits a tick that asks for more than a call may hold", async () => {
    const sizes: number[] = [];
    const read = createReadBatch(
      async (requests) => {
        sizes.push(requests.length);
        return requests.map((r) => ({ value: Promise.resolve(answer(r.name)) }));
      },
      { maxRequests: 2 },
    );
    await Promise.all(["a", "b", "c", "d", "e"].map((name) => read(ask(name))));
    expect(sizes).toEqual([2, 2, 1]);
  });

  it("lets a fast read resolve while a slow one of the same call is still open", async () => {
    const slow = Promise.withResolvers<ReadResult<unknown>>();
    const read = createReadBatch(async () => [
      { value: slow.promise },
      { value: Promise.resolve(answer("fast")) },
    ]);
    const slowRead = read(ask("slow"));
    await expect(read(ask("fast"))).resolves.toMatchObject({ data: "fast" });
    slow.resolve(answer("slow"));
    await expect(slowRead).resolves.toMatchObject({ data: "slow" });
  });

  it("rejects every read of a call that failed", async () => {
    const read = createReadBatch(async () => {
      throw new Error("offline");
    });
    const results = await Promise.allSettled([read(ask("a")), read(ask("b"))]);
    expect(results.map((r) => r.status)).toEqual(["rejected", "rejected"]);
  });

  it("rejects a read that is never answered after its time", async () => {
    vi.useFakeTimers();
    const read = createReadBatch(async () => [{ value: new Promise<never>(() => {}) }], { timeoutMs: 50 });
    const outcome = expect(read(ask("stuck"))).rejects.toThrow("over 50 ms");
    await vi.advanceTimersByTimeAsync(60);
    await outcome;
    vi.useRealTimers();
  });
});
