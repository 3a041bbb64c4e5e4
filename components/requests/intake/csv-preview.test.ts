import { expect, it } from "vitest";
import { lineErrors, previewCsv } from "./csv-preview.ts";

it("shows cells by line, quoted line ends and separators too", () => {
  const text = '\uFEFFkind,id,letter\r\nerasure,p-1,"Dear,\r\nerase ""all"""\r\n\r\naccess,p-2,\r\n';
  expect(previewCsv(text)).toEqual({
    header: ["kind", "id", "letter"],
    rows: [
      { line: 3, cells: ["erasure", "p-1", 'Dear,\nerase "all"'] },
      { line: 5, cells: ["access", "p-2", ""] },
    ],
  });
  expect(previewCsv("kind;id\nerasure;p-1").rows[0]?.cells).toEqual(["erasure", "p-1"]);
  expect(previewCsv("").rows).toEqual([]);
});

it("finds the line of what the server refused", () => {
  expect([...lineErrors({ "line 3": "kind: is none", csv: "x" })]).toEqual([[3, "kind: is none"]]);
});
