import { expect, test } from "vitest";
import {
  identifierInput,
  instantInput,
  instantText,
  int8Text,
  rangeEndInput,
  textInput,
  trimmedInput,
} from "./inputs.ts";
import { rangeInput } from "./read.ts";

test("text holds what PostgreSQL can store", () => {
  for (const text of ["", "a", "ü", "👩‍🔬", "a\nb", "x".repeat(10)])
    expect([text, textInput(10).safeParse(text).success]).toEqual([text, true]);
  for (const text of ["a\0", "\0", "\ud800", "a\udc00b", "\uffff", "x".repeat(11)])
    expect([text, textInput(10).safeParse(text).success]).toEqual([text, false]);
  expect(trimmedInput(3).parse("  abc ")).toBe("abc");
  expect(trimmedInput(3).safeParse(" \0 ").success).toBe(false);
  expect(identifierInput.safeParse("").success).toBe(false);
});

test("instants lie in the years that PostgreSQL and JavaScript write alike", () => {
  const good = ["0001-01-01T00:00:00Z", "2026-03-01T09:00:00.123456+02:00", "9999-12-31T23:59:59.999999Z"];
  for (const text of good) {
    expect(instantText().parse(text)).toBe(text);
    expect(instantInput.parse(text)).toEqual(new Date(text));
  }
  const bad = [
    "0000-01-01T00:00:00Z",
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59-01:00",
    "+275760-09-13T00:00:00Z",
    "2026-03-01T09:00:00",
    "2026-02-30T09:00:00Z",
    "now",
    "",
  ];
  for (const text of bad) expect([text, instantText().safeParse(text).success]).toEqual([text, false]);
  for (const value of [new Date(Number.NaN), new Date(8.64e15), new Date("0000-06-01"), null, 0, true, []])
    expect([value, instantInput.safeParse(value).success]).toEqual([value, false]);
  expect(instantText({ offset: false }).safeParse("2026-03-01T09:00:00+02:00").success).toBe(false);
});

test("a range's ends keep away from the calendar's", () => {
  for (const text of ["1900-01-01T00:00:00Z", "8999-12-31T23:59:59Z"])
    expect(rangeEndInput.parse(text)).toEqual(new Date(text));
  for (const text of ["1899-12-31T23:59:59Z", "9000-01-01T00:00:00Z"])
    expect([text, rangeEndInput.safeParse(text).success]).toEqual([text, false]);
});

test("a range of what is no instant is bad input, whichever end it stands at", () => {
  const now = "2026-03-01T09:00:00Z";
  for (const [from, to] of [
    ["infinity", now],
    [now, "infinity"],
    ["", ""],
    ["0000-01-01T00:00:00Z", now],
    [1, 2],
  ])
    expect([from, to, rangeInput.safeParse({ from, to }).success]).toEqual([from, to, false]);
  expect(rangeInput.safeParse({ from: "2026-02-01T09:00:00+01:00", to: new Date(now) }).success).toBe(true);
});

test("64-bit integers as text", () => {
  const queryId = int8Text("is not a queryid");
  for (const text of ["0", "-1", "9223372036854775807", "-9223372036854775808"])
    expect(queryId.parse(text)).toBe(text);
  for (const text of [
    "9223372036854775808",
    "-9223372036854775809",
    "9".repeat(20),
    "1.0",
    "1e3",
    "+1",
    " 1",
    "",
  ])
    expect([text, queryId.safeParse(text).success]).toEqual([text, false]);
});
