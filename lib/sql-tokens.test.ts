import fc from "fast-check";
import { expect, test } from "vitest";
import { sqlTokens } from "./sql-tokens.ts";

const kinds = (text: string, backslashes?: "escapes") =>
  [...sqlTokens(text, backslashes)]
    .filter(({ kind }) => kind !== "space")
    .map(({ kind, text: piece }) => `${kind} ${piece}`);

test.each([
  ["'it''s'", ["literal 'it''s'"]],
  ["'a'\n'b' 'c'", ["literal 'a'\n'b'", "literal 'c'"]],
  ["'a' -- note\n\t'b'", ["literal 'a' -- note\n\t'b'"]],
  ["'a' /* note */\n'b'", ["literal 'a'", "comment /* note */", "literal 'b'"]],
  ["E'a\\'' b", ["literal E'a\\''", "word b"]],
  ["e'a'\n'\\'' b", ["literal e'a'\n'\\''", "word b"]],
  ["'a\\' b", ["literal 'a\\'", "word b"]],
  ['U&\'\\0041\' u&"x""y"', ["literal U&'\\0041'", 'identifier u&"x""y"']],
  ["B'1' x'F' N'n'", ["literal B'1'", "literal x'F'", "literal N'n'"]],
  ["$$a'b$$ $x$a$$b$x$", ["literal $$a'b$$", "literal $x$a$$b$x$"]],
  ["a$$b $1 $", ["word a$$b", "parameter $1", "operator $"]],
  ["/* a /* b */ c */ d", ["comment /* a /* b */ c */", "word d"]],
  ["--a\nb", ["comment --a", "word b"]],
  ["1.5e-3+.5", ["number 1.5e-3", "operator +", "number .5"]],
  ["größe::text", ["word größe", "operator :", "operator :", "word text"]],
  ["'cut", ["literal 'cut"]],
  ["E'cut\\", ["literal E'cut\\"]],
  ["$q$cut$q", ["literal $q$cut$q"]],
  ["/* cut", ["comment /* cut"]],
  ['"cut', ['identifier "cut']],
])("%s is read as PostgreSQL does", (text, expected) => {
  expect(kinds(text)).toEqual(expected);
});

test("with standard_conforming_strings off a backslash escapes", () => {
  expect(kinds("'a\\' b'", "escapes")).toEqual(["literal 'a\\' b'"]);
});

const pieces = fc.array(
  fc.oneof(
    fc.constantFrom(
      "'",
      '"',
      "$",
      "$$",
      "$a$",
      "\\",
      "/*",
      "*/",
      "--",
      "\n",
      " ",
      "e'",
      "U&'",
      "1",
      ".",
      "a",
      "e",
    ),
    fc.string({ unit: "binary" }),
  ),
);

test("tokens are the text again, whatever it is, each where it says", () => {
  fc.assert(
    fc.property(pieces, fc.constantFrom("plain", "escapes"), (given, backslashes) => {
      const text = given.join("");
      const tokens = [...sqlTokens(text, backslashes as "plain")];
      expect(tokens.map((token) => token.text).join("")).toBe(text);
      for (const token of tokens) {
        expect(token.text).not.toBe("");
        expect(text.startsWith(token.text, token.at)).toBe(true);
      }
    }),
  );
});
