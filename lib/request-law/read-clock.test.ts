import { describe, expect, test } from "vitest";
import { atPlace, due, type Given, losAngeles, read, stood } from "../testing/clocks.ts";

describe("one calendar month, receipt day excluded", () => {
  test.each([
    ["2026-06-10", "2026-07-10", "", ""],
    ["2026-08-31", "2026-09-30", "31 August has no 31 September", ""],
    ["2026-05-31", "2026-06-30", "31 May has no 31 June", ""],
    ["2026-10-30", "2026-11-30", "", ""],
    ["2026-12-31", "2027-02-01", "31 January 2027 is a Sunday", ""],
    ["2027-01-29", "2027-03-01", "28 February 2027 is a Sunday", ""],
    ["2027-01-31", "2027-03-01", "28 February 2027 is a Sunday", ""],
    ["2028-01-29", "2028-02-29", "leap year", ""],
    ["2028-01-30", "2028-02-29", "leap year", ""],
    ["2028-01-31", "2028-02-29", "leap year", ""],
    ["2028-02-29", "2028-03-29", "from a leap day", ""],
    ["2028-02-28", "2028-03-28", "", ""],
  ])("received %s, due %s %s", (received, expected) => {
    expect(due(received as string)).toBe(expected);
  });

  test.each([
    [atPlace("DE"), "2026-03-05", "2026-04-07", "Easter Sunday, then Easter Monday"],
    [atPlace("DE"), "2026-03-04", "2026-04-07", "Saturday, Easter"],
    [atPlace("DE"), "2025-12-06", "2026-01-06", "Epiphany is no holiday of all of Germany"],
    [atPlace("DE", "BY"), "2025-12-06", "2026-01-07", "Epiphany is one of Bavaria"],
    [atPlace("DE", "BE"), "2026-05-04", "2026-06-04", "Corpus Christi is none of Berlin"],
    [atPlace("DE", "BY"), "2026-05-04", "2026-06-05", "Corpus Christi"],
    [atPlace("FR"), "2026-06-14", "2026-07-15", "14 July"],
    [atPlace("FR"), "2026-04-08", "2026-05-11", "8 May, then a weekend"],
    [atPlace("FR"), "2026-03-03", "2026-04-03", "Good Friday is none of France"],
    [atPlace("DE"), "2026-03-03", "2026-04-07", "Good Friday"],
    [atPlace("IE"), "2026-02-17", "2026-03-18", "St. Patrick's Day"],
    [atPlace("IE"), "2026-09-26", "2026-10-27", "last Monday in October"],
  ])("%o received %s, due %s: %s", (place, received, expected) => {
    expect(due(received, place)).toBe(expected);
  });

  test("its last day ends in the controller's zone, also where summer time begins or ends", () => {
    const dueAt = (received: string, given?: Given) => read(received, given).dueAt?.toISOString();
    expect(dueAt("2026-06-10")).toBe("2026-07-10T22:00:00.000Z");
    // 29 March and 25 October are Sundays: the day after, in the new offset.
    expect(dueAt("2026-02-28")).toBe("2026-03-30T22:00:00.000Z");
    expect(dueAt("2026-09-25")).toBe("2026-10-26T23:00:00.000Z");
    // California rolls nothing: the very day has 23 and 25 hours.
    const california = { regime: "california", ...losAngeles } as const;
    expect(dueAt("2026-01-22T20:00:00Z", california)).toBe("2026-03-09T07:00:00.000Z");
    expect(dueAt("2026-09-17T20:00:00Z", california)).toBe("2026-11-02T08:00:00.000Z");
    // Cairo leaves out the midnight that ends Thursday, 23 April 2026; the day before ends as any.
    const cairo = { timeZone: "Africa/Cairo" };
    expect(dueAt("2026-03-23", cairo)).toBe("2026-04-23T22:00:00.000Z");
    expect(dueAt("2026-03-24", cairo)).toBe("2026-04-24T21:00:00.000Z");
  });

  test("the day of receipt is the controller's, wherever the person is", () => {
    // Sent at ten in the evening of 31 July in Honolulu.
    const sent = "2026-08-01T08:00:00Z";
    expect(due(sent)).toBe("2026-09-01");
    expect(due(sent, { timeZone: "Pacific/Honolulu", ...atPlace("DE") })).toBe("2026-08-31");
    // Half an hour apart, on two days of the controller.
    expect(due("2026-06-09T21:45:00Z")).toBe("2026-07-09");
    expect(due("2026-06-09T22:15:00Z")).toBe("2026-07-10");
    expect(due("2026-06-09T22:15:00Z", { timeZone: "Europe/Lisbon" })).toBe("2026-07-09");
    expect(due("2026-06-09T22:15:00Z", { timeZone: "Pacific/Auckland" })).toBe("2026-07-10");
  });
});

describe("it stands", () => {
  test("while something is outstanding that only the person can give, and names no day", () => {
    const clock = read("2026-06-10", { intervals: [stood("identity", "2026-06-12", null)] }, "2026-06-20");
    expect(clock).toMatchObject({ dueOn: null, dueAt: null, standing: "identity", stoodDays: 8 });
    // If they answered today: until then an extension can be told.
    expect(clock.extendBy).toBe("2026-07-20");
    const clarification = { intervals: [stood("clarification", "2026-06-12", null)] };
    expect(read("2026-06-10", clarification).standing).toBe("clarification");
  });

  test("each midnight that it stood adds a day, before the last day is moved", () => {
    const intervals = [stood("identity", "2026-06-12", "2026-06-19")];
    expect(read("2026-06-10", { intervals })).toMatchObject({
      dueOn: "2026-07-17",
      stoodDays: 7,
      standing: null,
    });
    // 10 July + 1 is a Saturday.
    expect(due("2026-06-10", { intervals: [stood("identity", "2026-06-12", "2026-06-13")] })).toBe(
      "2026-07-13",
    );
    // 4 July is a Saturday: counted from it, not from Monday the 6th.
    expect(due("2026-06-04")).toBe("2026-07-06");
    expect(due("2026-06-04", { intervals: [stood("identity", "2026-06-12", "2026-06-14")] })).toBe(
      "2026-07-06",
    );
    expect(due("2026-06-04", { intervals: [stood("identity", "2026-06-12", "2026-06-15")] })).toBe(
      "2026-07-07",
    );
  });

  test("asked and answered on one day of the controller adds nothing", () => {
    const intervals = [stood("identity", "2026-06-12T06:00:00Z", "2026-06-12T20:00:00Z")];
    expect(read("2026-06-10", { intervals })).toMatchObject({ dueOn: "2026-07-10", stoodDays: 0 });
    const over = [stood("identity", "2026-06-12T21:59:00Z", "2026-06-12T22:01:00Z")];
    expect(read("2026-06-10", { intervals: over }).stoodDays).toBe(1);
  });

  test("across the end of a month, February and summer time", () => {
    expect(due("2026-01-20", { intervals: [stood("identity", "2026-01-28", "2026-02-05")] })).toBe(
      "2026-03-02",
    );
    expect(due("2026-01-31", { intervals: [stood("identity", "2026-02-02", "2026-02-03")] })).toBe(
      "2026-03-02",
    );
    // 29 February 2028 and one day.
    expect(due("2028-01-31", { intervals: [stood("identity", "2028-02-02", "2028-02-03")] })).toBe(
      "2028-03-01",
    );
    // 28 March, 09:00 to 30 March, 08:00: two midnights, 46 hours.
    const spring = [stood("identity", "2026-03-28T08:00:00Z", "2026-03-30T06:00:00Z")];
    expect(read("2026-03-20", { intervals: spring })).toMatchObject({ stoodDays: 2, dueOn: "2026-04-22" });
    expect(due("2026-05-20", { intervals: [stood("clarification", "2026-05-25", "2026-07-01")] })).toBe(
      "2026-07-27",
    );
  });

  test("days on which it stood for two things count once", () => {
    const intervals = [
      stood("identity", "2026-06-12", "2026-06-19"),
      stood("clarification", "2026-06-15", "2026-06-22"),
      stood("clarification", "2026-06-16", "2026-06-17"),
    ];
    expect(read("2026-06-10", { intervals }).stoodDays).toBe(10);
    expect(read("2026-06-10", { intervals: intervals.toReversed() }).stoodDays).toBe(10);
  });

  test("what is asked after the last day does not bring it back", () => {
    const late = [stood("identity", "2026-07-11", null)];
    expect(read("2026-06-10", { intervals: late })).toMatchObject({ dueOn: "2026-07-10", standing: null });
    const onTheDay = [stood("identity", "2026-07-10T20:00:00Z", null)];
    expect(read("2026-06-10", { intervals: onTheDay }).standing).toBe("identity");
  });

  test("a fee stops nothing under the GDPR", () => {
    expect(due("2026-06-10", { intervals: [stood("fee", "2026-06-12", null)] })).toBe("2026-07-10");
  });
});

describe("an extension", () => {
  test("counts three months from receipt, whenever it was told", () => {
    for (const extended of ["2026-06-11", "2026-07-09", "2026-07-10T21:59:00Z"])
      expect(read("2026-06-10", { extended })).toMatchObject({ dueOn: "2026-09-10", extendBy: null });
    expect(due("2026-11-30", { extended: "2026-12-10" })).toBe("2027-03-01");
    expect(due("2027-11-30", { extended: "2027-12-10" })).toBe("2028-02-29");
  });

  test("is told within the first month, else there is none", () => {
    expect(due("2026-06-10", { extended: "2026-07-10T22:01:00Z" })).toBe("2026-07-10");
    expect(read("2026-06-10", {}, "2026-07-10").extendBy).toBe("2026-07-10");
    expect(read("2026-06-10", {}, "2026-07-11").extendBy).toBeNull();
  });

  test("after it stood: the same days are added to the three months", () => {
    const intervals = [stood("identity", "2026-01-28", "2026-02-05")];
    // The first month ends on 20 February + 8, moved to Monday, 2 March.
    expect(due("2026-01-20", { intervals, extended: "2026-02-27" })).toBe("2026-04-28");
    expect(due("2026-01-20", { intervals, extended: "2026-03-02" })).toBe("2026-04-28");
    expect(due("2026-01-20", { intervals, extended: "2026-03-03" })).toBe("2026-03-02");
  });

  test("while it stands, and what stands after it", () => {
    const intervals = [stood("identity", "2026-06-12", "2026-07-24")];
    expect(due("2026-06-10", { intervals, extended: "2026-07-20" })).toBe("2026-10-22");
    const later = [stood("clarification", "2026-08-03", "2026-08-07")];
    expect(due("2026-06-10", { intervals: later, extended: "2026-07-01" })).toBe("2026-09-14");
    expect(due("2026-06-10", { intervals: later })).toBe("2026-07-10");
  });
});
