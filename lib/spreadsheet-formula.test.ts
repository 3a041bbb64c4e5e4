import { expect, test } from "vitest";
import { toCsv } from "./client/csv.ts";
import { csvCell } from "./requests/package/event-record.ts";
import { beginsFormula, beginsFormulaBytes } from "./spreadsheet-formula.ts";

const formulas = ["=1", "+1", "-1", "@sum", "\t=1", "\r=1", "\n=1", "\0=1", "＝1", "＋1", "－1", "＠sum"];

test.each(formulas)("%j is a formula to a spreadsheet: every CSV writes an apostrophe before it", (text) => {
  const bytes = new TextEncoder().encode(`a${text}`);
  expect([beginsFormula(text), beginsFormulaBytes(bytes, 1, bytes.length)]).toEqual([true, true]);
  const quoted = /[\r\n]/.test(text) ? `"'${text}"` : `'${text}`;
  expect(csvCell(text)).toBe(quoted);
  expect(toCsv({ columns: [{ label: "x" }], rows: [[text]] })).toBe(`x\r\n${quoted}\r\n`);
});

test("other texts stay as they are, also those that begin with bytes like theirs", () => {
  for (const text of ["", "1=1", "é", "ｱ", "＞", "日本"]) {
    const bytes = new TextEncoder().encode(text);
    expect([beginsFormula(text), beginsFormulaBytes(bytes, 0, bytes.length)]).toEqual([false, false]);
  }
  // The cell ends within a sign: what stands behind it is another's.
  const wide = new TextEncoder().encode("＝");
  expect(beginsFormulaBytes(wide, 0, 2)).toBe(false);
});
