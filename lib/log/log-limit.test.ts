import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Logger } from "./log.ts";
import { limitLines } from "./log-limit.ts";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

function collect(): { lines: unknown[][]; logger: Logger } {
  const lines: unknown[][] = [];
  const level =
    (name: string) =>
    (...given: unknown[]) =>
      void lines.push([name, ...given]);
  const logger = { debug: level("debug"), info: level("info"), warn: level("warn"), error: level("error") };
  return { lines, logger: logger as unknown as Logger };
}

test("of each kind so many a minute, then one line with how many were left out", () => {
  const { lines, logger } = collect();
  const limited = limitLines(logger, 3);
  for (let i = 0; i < 10; i++) {
    limited.warn({ i }, "sign-in failed");
    limited.error({ i }, "sign-in failed");
  }
  limited.info("started");
  expect(lines).toHaveLength(7);
  expect(lines[0]).toEqual(["warn", { i: 0 }, "sign-in failed"]);
  vi.advanceTimersByTime(60_000);
  expect(lines.slice(7)).toEqual([
    ["warn", { leftOut: 7, inSeconds: 60 }, "more of: sign-in failed"],
    ["error", { leftOut: 7, inSeconds: 60 }, "more of: sign-in failed"],
  ]);
  limited.warn({}, "sign-in failed");
  expect(lines).toHaveLength(10);
});
