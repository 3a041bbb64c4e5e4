import { expect, test } from "vitest";
import { widthOfInterval } from "./partman-interval.ts";

test.each([
  ["1 day", 86_400],
  ["7 days", 604_800],
  ["1 mon", 2_592_000],
  ["3 mons", 7_776_000],
  ["1 year", 31_536_000],
  ["01:00:00", 3_600],
  ["1 day 12:00:00", 129_600],
  ["1 week", 604_800],
  ["daily", 86_400],
  ["quarterly", 7_862_400],
])("%s is so many seconds", (text, seconds) => {
  expect(widthOfInterval(text)).toBe(seconds);
});

test.each(["100000", "", "fortnight", "1 day; drop table x", "-1 day"])("%s is no width", (text) => {
  expect(widthOfInterval(text)).toBeNull();
});
