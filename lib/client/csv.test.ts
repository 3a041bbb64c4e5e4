import { expect, it } from "vitest";
import { toCsv } from "./csv.ts";

it("writes what a spreadsheet reads: quoted text, ISO dates, exact numbers, empty for unknown", () => {
  const csv = toCsv({
    columns: [{ label: "time" }, { label: "name" }, { label: "size", unit: "bytes" }],
    rows: [
      [new Date("2026-11-23T09:00:00Z"), 'a "b", c', 1_234_567.5],
      [null, "two\nlines", undefined],
    ],
  });
  expect(csv).toBe(
    'time,name,size (bytes)\r\n2026-11-23T09:00:00.000Z,"a ""b"", c",1234567.5\r\n,"two\nlines",\r\n',
  );
});

it("disarms text that a spreadsheet would run as a formula, and leaves negative numbers be", () => {
  const csv = toCsv({ columns: [{ label: "x" }], rows: [["=1+1"], ["-cmd"], [-5]] });
  expect(csv.split("\r\n").slice(1, 4)).toEqual(["'=1+1", "'-cmd", "-5"]);
});
