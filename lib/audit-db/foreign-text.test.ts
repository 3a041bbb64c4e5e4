import { expect, test } from "vitest";
import { readForeignText, tellUnreadable } from "./foreign-text.ts";

const bytes = (text: string, encoding: BufferEncoding = "utf8") => Buffer.from(text, encoding);

test.each([
  ["plain", bytes("select 1"), "select 1", true],
  ["UTF-8", bytes("café 🙂"), "café 🙂", true],
  ["a real U+FFFD", bytes("a\ufffdb"), "a\ufffdb", true],
  ["Latin-1", bytes("café x", "latin1"), "caf\ufffd x", false],
  ["Latin-1 at the end", bytes("café", "latin1"), "caf\ufffd", false],
])("%s", (_, given, text, intact) => {
  expect(readForeignText(given)).toEqual({ text, intact });
});

test("a character that the cut divides is left out, and is no broken text", () => {
  expect(readForeignText(bytes("ab🙂").subarray(0, 5), 5)).toEqual({ text: "ab", intact: true });
  expect(readForeignText(bytes("é").subarray(0, 1), 1)).toEqual({ text: "", intact: true });
  expect(readForeignText(bytes("é\xe9ab", "latin1"), 4)).toMatchObject({ intact: false });
});

test("what is unreadable is counted and its database named", () => {
  const text = (intact: boolean, database: string | null = "old") => ({ intact, database });
  expect(tellUnreadable([text(true)])).toEqual({});
  expect(tellUnreadable([text(true), text(false)]).missing?.[0]?.reason).toMatch(
    /^One text is not valid UTF-8, from old;/,
  );
  expect(tellUnreadable([text(false), text(false, null)]).missing?.[0]?.reason).toMatch(
    /^2 texts are not valid UTF-8, from old, no database;/,
  );
});
