import { expect, test } from "vitest";
import { createRateLimit } from "./limit-rate.ts";

test("a token has its allowance over ten seconds, and another token its own", async () => {
  const limit = createRateLimit(100);
  await limit.take("a", 600);
  await limit.take("a", 400);
  await expect(limit.take("a", 1)).rejects.toMatchObject({
    code: "RATE_LIMITED",
    retryable: true,
    retryAfterSeconds: expect.toSatisfy((seconds: number) => seconds >= 1 && seconds <= 10),
  });
  await limit.take("b", 1_000);
});

test("a request without events counts as one", async () => {
  const limit = createRateLimit(1);
  for (let i = 0; i < 10; i++) await limit.take("a", 0);
  await expect(limit.take("a", 0)).rejects.toMatchObject({ code: "RATE_LIMITED" });
});
