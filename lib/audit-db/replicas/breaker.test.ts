import { expect, test } from "vitest";
import { createBreaker, explainBroken, isBroken, SilentNode } from "./breaker.ts";

test.each([
  [Object.assign(new Error("refused"), { code: "ECONNREFUSED" }), "nothing listens at that host and port"],
  [new SilentNode(), "the server does not answer"],
])("a circuit that %s opened says why what comes is refused", async (failure, reason) => {
  const breaker = createBreaker(60_000);
  const reach = () => breaker.execute(() => Promise.reject(failure)).catch((thrown: unknown) => thrown);
  let thrown = await reach();
  for (let tries = 0; tries < 10 && !isBroken(thrown); tries++) thrown = await reach();
  expect(isBroken(thrown)).toBe(true);
  expect(explainBroken(breaker)).toEqual({ cause: "unreachable", reason });
});
