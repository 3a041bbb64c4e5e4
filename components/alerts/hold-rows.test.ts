import { expect, test } from "vitest";
import { holdRows, showRows } from "./hold-rows.ts";

const row = (id: string, version = 1) => ({ id, version });
const told = ({ rows, waiting }: ReturnType<typeof holdRows<{ id: string; version: number }>>) => [
  rows.map(({ row, gone }) => `${row.id}${row.version}${gone ? " gone" : ""}`).join(", "),
  waiting,
];

test("held rows keep their places with their newest figures; newcomers wait, and who left stays as last seen", () => {
  const first = showRows([row("a"), row("b"), row("c")]);
  const held = holdRows(first.rows, [row("new"), row("c", 2), row("a")]);
  expect(told(held)).toEqual(["a1, b1 gone, c2", 1]);
  expect(told(holdRows(held.rows, [row("b", 3), row("new"), row("other"), row("a", 2)]))).toEqual([
    "a2, b3, c2 gone",
    2,
  ]);
});

test("let go, the list stands as it was answered", () => {
  expect(told(showRows([row("new"), row("c", 2)]))).toEqual(["new1, c2", 0]);
});
