import { expect, test } from "vitest";
import { pointOf } from "../../audit-db/schema/calendar-cut.ts";
import { learnName, nextNumber } from "./learn-name.ts";

const month = (name: string, year: number, n: number) => ({
  name,
  from: pointOf(year, n, 1),
  to: pointOf(year, n + 1, 1),
});
test.each([
  ["{table}_{yyyy}_{mm}", [month("log_2026_10", 2026, 10), month("log_2026_11", 2026, 11)]],
  ["{table}_{yyyy}_{mm}", [month("log_2026_01", 2026, 1)]],
  ["{mon}_{yyyy}", [month("nov_2026", 2026, 11), month("dec_2026", 2026, 12)]],
  ["{table}_{n}", [month("log_1", 2026, 10), month("log_2", 2026, 11), month("log_3", 2026, 12)]],
  ["a_{yyyy}{mm}{dd}_{to_yyyy}{to_mm}{to_dd}", [month("a_20261001_20261101", 2026, 10)]],
  ["{table}v2_{yyyy}{mm}", [month("logv2_202610", 2026, 10), month("logv2_202611", 2026, 11)]],
  [null, [month("log_11", 2026, 11), month("log_12", 2026, 12)]],
  [null, [month("anna", 2026, 11), month("otto", 2026, 12)]],
  [
    "{table}_{yyyy}_{mm}",
    [month("old", 2026, 9), month("log_2026_10", 2026, 10), month("log_2026_11", 2026, 11)],
  ],
])("%s", (template, siblings) => {
  expect(learnName("log", siblings, true)).toBe(template);
});

test("plain numbers are named by their bounds or counted", () => {
  const thousand = (name: string, n: bigint) => ({ name, from: n * 1_000n, to: (n + 1n) * 1_000n });
  expect(learnName("k", [thousand("k_p0", 0n), thousand("k_p1000", 1n)], false)).toBe("{table}_p{from}");
  expect(learnName("k", [thousand("k_1", 0n), thousand("k_2", 1n)], false)).toBe("{table}_{n}");
  expect(nextNumber("k", "{table}_{n}", ["k_1", "k_12", "k_x", "other_99"])).toBe(13n);
});
