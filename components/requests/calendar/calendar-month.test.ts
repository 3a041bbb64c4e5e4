import { expect, it } from "vitest";
import { monthWords, shiftMonth, undatedWords, weeksOf } from "./calendar-month.ts";

it("lays a month into weeks from Monday to Sunday", () => {
  const weeks = weeksOf("2026-11");
  expect(weeks).toHaveLength(6);
  expect(weeks[0]?.map(({ day }) => day)[0]).toBe("2026-10-26");
  expect(weeks[0]?.at(-1)).toEqual({ day: "2026-11-01", inMonth: true });
  expect(weeks.at(-1)?.[0]).toEqual({ day: "2026-11-30", inMonth: true });
  expect(weeksOf("2027-02")).toHaveLength(4);
  expect(
    weeksOf("2028-02")
      .flat()
      .filter(({ inMonth }) => inMonth),
  ).toHaveLength(29);
});

it("goes over the year's end", () => {
  expect(shiftMonth("2026-12", 1)).toBe("2027-01");
  expect(shiftMonth("2027-01", -1)).toBe("2026-12");
  expect(monthWords("2027-01")).toBe("January 2027");
});

it("counts what stands on no day, and says nothing where each has one", () => {
  const [dated, undated] = [{ dueOn: "2026-12-01" }, { dueOn: null }];
  expect(undatedWords([dated])).toBeNull();
  expect(undatedWords([dated, undated])).toBe(
    "1 open request on no day, since the clock is paused: see the board.",
  );
  expect(undatedWords([undated, undated])).toMatch(/^2 open requests on no day/);
});
