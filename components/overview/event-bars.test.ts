import { expect, test } from "vitest";
import { eventBars } from "./event-bars.ts";

const day = (text: string) => Date.parse(`${text}T00:00:00Z`);
const data = {
  from: new Date(day("2026-11-20")),
  to: new Date(day("2026-11-25")),
  policies: ["phi", "standard"],
  days: [
    { day: "2026-11-20", retentionPolicy: "standard", events: 10 },
    { day: "2026-11-20", retentionPolicy: "phi", events: 4 },
    { day: "2026-11-22", retentionPolicy: "standard", events: 6 },
    { day: "2026-11-24", retentionPolicy: "phi", events: 1 },
  ],
  total: 21,
};
const noon = day("2026-11-24") + 43_200_000;

test("a bar a day, empty days as zero, policies in the asked order, today not over", () => {
  const { bars, busiest, meanPerDay, wholeDays } = eventBars(data, ["standard", "phi"], noon, false);
  expect(bars.map((bar) => bar.values)).toEqual([
    [10, 4],
    [0, 0],
    [6, 0],
    [0, 0],
    [0, 1],
  ]);
  expect(bars.map((bar) => bar.open)).toEqual([false, false, false, false, true]);
  expect(busiest).toEqual({ atMs: day("2026-11-20"), events: 14 });
  expect(wholeDays).toBe(4);
  expect(meanPerDay).toBe(5);
});

test("weeks begin on Monday and add up to the same", () => {
  const { bars } = eventBars(data, ["standard", "phi"], noon, true);
  expect(bars.map(({ fromMs, toMs, values, open }) => [fromMs, toMs, values, open])).toEqual([
    [day("2026-11-20"), day("2026-11-23"), [16, 4], false],
    [day("2026-11-23"), day("2026-11-25"), [0, 1], true],
  ]);
});
