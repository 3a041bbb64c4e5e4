import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { statementTitle } from "../components/queries/statement-title.ts";
import { colouredSql } from "../components/ui/coloured-sql.ts";
import { parseIJson } from "./audit-db/append/parse-i-json.ts";
import { parseBounds } from "./partition-facts/parse-bounds.ts";
import { checkExplainable } from "./queries/check-explainable.ts";
import { statementShape } from "./queries/statement-shape.ts";
import { oneLine, withoutComments } from "./queries/statement-text.ts";
import { redactQuery } from "./redact/redact-query.ts";

// Functions that read what an application, a caller or a server wrote: whatever it is, the time they take grows with its
// length alone. Where it grew with the square, 64 kB took from 1.5 s to hours; in proportion it takes under 100 ms.

const readers: Record<string, (text: string) => unknown> = {
  redactQuery,
  oneLine: (text) => oneLine(text, 100_000),
  withoutComments,
  statementShape,
  checkExplainable: (text) => checkExplainable(`select ${text}`),
  statementTitle,
  colouredSql,
  parseBounds: (text) => parseBounds(`FOR VALUES FROM (${text}`),
  parseIJson: (text) => attempt(() => parseIJson(text)),
};
const characters = 64_000;
const longestMs = 1_500;

const repeated = [
  ..."' \" $ $$ $a$ $a \\ \\' E'\\ U&' '' 'a' '\n -- /* */ /**/ /*/ ( ) () [ { }".split(" "),
  ..."1 0 a_ a_1 _2024 1e 1e+ 0.1 . .. , ; : :: = || é 😀 \n".split(" "),
  " ",
  "password ",
  "password /*",
  "password '",
  "password = ",
  "password(",
  "(password ",
  "'password', ",
  "'%L token', ",
  '"token": ',
  "token case ",
  "set token to ",
  "crypt(",
  "://",
  "a://b:",
  "://x@",
  "bearer ",
  "token:{",
  "DO $$ token ",
  "'token '''",
  "from ",
  "from a.",
  "from a_1 ",
  ", '1'::a ",
  "--\n'a'",
];
const repeatedTo = (piece: string, before = "", after = "") =>
  before + piece.repeat(Math.ceil(characters / piece.length)).slice(0, characters) + after;

describe.each(Object.entries(readers))("%s", (_, read) => {
  test("of a piece again and again", () => {
    const slow = repeated.filter((piece) => took(read, repeatedTo(piece, "", "x")) > longestMs);
    expect(slow).toEqual([]);
  });

  test("of pieces put together, whole or cut off", () => {
    const pieces = fc.array(fc.constantFrom(...repeated), { minLength: 2, maxLength: 4 });
    fc.assert(
      fc.property(pieces, fc.constantFrom(...repeated), (some, first) => {
        expect(took(read, repeatedTo(some.join(""), first))).toBeLessThan(longestMs);
      }),
      { numRuns: 12 },
    );
  });
});

test.each([
  ["a name that ends in digits", statementShape, `select 1 as a_${"1".repeat(27)}x`],
  ["comments that do not end", redactQuery, "password /*".repeat(4_000)],
  [
    "a number of many zeros",
    (text: string) => attempt(() => parseIJson(text)),
    `{"a": 0.1${"0".repeat(characters)}1}`,
  ],
  ["a body that does not end", checkExplainable, `select ${"$a$ $b".repeat(characters / 6)}`],
])("%s", (_, read, text) => {
  expect(took(read, text)).toBeLessThan(longestMs);
});

/** Milliseconds of this thread's processor time, whoever else has the machine. */
function took(read: (text: string) => unknown, text: string): number {
  const began = process.threadCpuUsage();
  read(text);
  const { user, system } = process.threadCpuUsage(began);
  return (user + system) / 1_000;
}

/** A refusal is an answer. */
function attempt(read: () => unknown): unknown {
  try {
    return read();
  } catch (thrown) {
    return thrown;
  }
}
