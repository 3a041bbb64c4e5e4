import { describe, expect, test } from "vitest";
import { atPlace, due, london, losAngeles, read, stood } from "../testing/clocks.ts";

describe("United Kingdom", () => {
  const uk = { regime: "uk", ...london } as const;

  test.each([
    ["2026-06-10", {}, "2026-07-10"],
    ["2026-01-31", {}, "2026-03-02"],
    ["2026-11-25", {}, "2026-12-29"],
    ["2026-07-30", atPlace("GB", "ENG"), "2026-09-01"],
    ["2026-07-31", atPlace("GB", "ENG"), "2026-09-01"],
    ["2026-07-31", atPlace("GB", "SCT"), "2026-08-31"],
    ["2026-02-17", atPlace("GB", "ENG"), "2026-03-17"],
    ["2026-02-17", atPlace("GB", "NIR"), "2026-03-18"],
  ])("received %s %o, due %s", (received, place, expected) => {
    expect(due(received as string, { ...uk, ...(place as object) })).toBe(expected);
  });

  test("begins with the latest of receipt, identity and fee", () => {
    const proven = stood("identity", "2026-01-28", "2026-02-05");
    expect(due("2026-01-20", { ...uk, intervals: [proven] })).toBe("2026-03-05");
    const paid = stood("fee", "2026-01-29", "2026-02-09");
    expect(read("2026-01-20", { ...uk, intervals: [proven, paid] })).toMatchObject({
      dueOn: "2026-03-09",
      stoodDays: 20,
    });
    expect(
      read("2026-01-20", { ...uk, intervals: [proven, stood("fee", "2026-01-29", null)] }),
    ).toMatchObject({
      dueOn: null,
      standing: "fee",
    });
    expect(due("2026-01-20", { ...uk, intervals: [proven], extended: "2026-02-20" })).toBe("2026-05-05");
  });

  test("a clarification stops the clock; what of it lies before the clock began adds nothing", () => {
    const clarified = stood("clarification", "2026-06-15", "2026-06-20");
    expect(due("2026-06-10", { ...uk, intervals: [clarified] })).toBe("2026-07-15");
    const proven = stood("identity", "2026-06-12", "2026-06-18");
    expect(read("2026-06-10", { ...uk, intervals: [proven, clarified] })).toMatchObject({
      dueOn: "2026-07-20",
      stoodDays: 10,
    });
  });
});

describe("California", () => {
  const california = { regime: "california", ...losAngeles } as const;

  test("45 calendar days from receipt, once 45 more, and it never stands", () => {
    expect(due("2026-06-10T20:00:00Z", california)).toBe("2026-07-25");
    expect(due("2026-01-15T20:00:00Z", california)).toBe("2026-03-01");
    expect(due("2028-01-15T20:00:00Z", california)).toBe("2028-02-29");
    const intervals = [
      stood("identity", "2026-06-12", null),
      stood("clarification", "2026-06-12", "2026-06-30"),
    ];
    expect(read("2026-06-10T20:00:00Z", { ...california, intervals })).toMatchObject({
      ...{ dueOn: "2026-07-25", standing: null, stoodDays: 0 },
    });
    expect(due("2026-06-10T20:00:00Z", { ...california, extended: "2026-07-25T20:00:00Z" })).toBe(
      "2026-09-08",
    );
    expect(due("2026-06-10T20:00:00Z", { ...california, extended: "2026-07-26T20:00:00Z" })).toBe(
      "2026-07-25",
    );
  });

  test("receipt is acknowledged within ten business days", () => {
    // Without 19 June, and 3 July in place of Saturday the 4th.
    expect(read("2026-06-18T20:00:00Z", california).acknowledgeBy).toBe("2026-07-06");
    expect(read("2026-08-14T20:00:00Z", california).acknowledgeBy).toBe("2026-08-28");
    // Thanksgiving and the day after it.
    expect(read("2026-11-20T20:00:00Z", california).acknowledgeBy).toBe("2026-12-08");
    expect(read("2026-06-10", {}).acknowledgeBy).toBeNull();
  });
});
