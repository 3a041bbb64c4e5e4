import { expect, test } from "vitest";
import { asSentence, counted, durationInWords, momentInWords } from "./words.ts";

test("durations read as people say them", () => {
  expect([0, 45.9, 119, 300, 7_200, 7_800, 172_800, 190_000].map(durationInWords)).toEqual([
    "0 s",
    "45 s",
    "119 s",
    "5 min",
    "2 h",
    "2 h 10 min",
    "2 d",
    "2 d 4 h",
  ]);
});

test("counts agree with their noun", () => {
  expect([counted(1, "connection"), counted(3, "connection"), counted(0, "query", "queries")]).toEqual([
    "1 connection",
    "3 connections",
    "0 queries",
  ]);
});

test("a moment is told in UTC, to the minute, without its midnight", () => {
  expect(momentInWords("2026-11-16T00:00:00.000Z")).toBe("16 Nov 2026");
  expect(momentInWords("2026-11-17T06:30:00.000Z")).toBe("17 Nov 2026 06:30");
});

test("others' words end as a sentence, once", () => {
  expect(["try later", "Stop!", "It is gone. ", "wait…"].map(asSentence)).toEqual([
    "try later.",
    "Stop!",
    "It is gone.",
    "wait…",
  ]);
});
