import fc from "fast-check";
import { expect, test } from "vitest";
import { maxLineCharacters, splitLines } from "./split-lines.ts";

async function* pieces(texts: readonly string[]) {
  yield* texts;
}

test("lines are the same wherever the text was cut, and U+2028 does not end one", async () => {
  const line = fc.string({ unit: fc.constantFrom("a", "\u2028", "é", "{", " ", "\t"), minLength: 1 });
  await fc.assert(
    fc.asyncProperty(fc.array(line), fc.array(fc.nat(200)), fc.boolean(), async (lines, cuts, crlf) => {
      const text = lines.join(crlf ? "\r\n" : "\n");
      const at = [...new Set(cuts.filter((cut) => cut < text.length))].toSorted((a, b) => a - b);
      const parts = [...at, text.length].map((end, index) => text.slice(at[index - 1] ?? 0, end));
      const read = await Array.fromAsync(splitLines(pieces(parts)));
      const expected = lines
        .map((one, index) => ({ number: index + 1, text: one.trim() }))
        .filter(({ text }) => text);
      expect(read).toEqual(expected);
    }),
  );
});

test("a line without end is refused before it fills the memory", async () => {
  const endless = (async function* () {
    for (;;) yield "x".repeat(100_000);
  })();
  await expect(Array.fromAsync(splitLines(endless))).rejects.toMatchObject({
    code: "TOO_LARGE",
    message: `Line 1 is longer than ${maxLineCharacters} characters.`,
  });
});

test("empty lines count, so that many of them end a request early", async () => {
  let given = 0;
  const blank = (async function* () {
    for (; given < 1_000; given++) yield "\n".repeat(50);
  })();
  await expect(Array.fromAsync(splitLines(blank, 1_000))).rejects.toMatchObject({
    code: "TOO_LARGE",
    message: "One request holds at most 1000 lines, empty ones among them.",
  });
  expect(given).toBe(20);
  expect(await Array.fromAsync(splitLines(pieces(["a\n\n", " \n", "b"]), 4))).toHaveLength(2);
});

test("a line in many pieces is put together once", async () => {
  // Added to piece by piece these would copy 20 GB.
  const small = (async function* () {
    for (let i = 0; i < maxLineCharacters / 4; i++) yield "abcd";
  })();
  const [line] = await Array.fromAsync(splitLines(small));
  expect(line?.text).toBe("abcd".repeat(maxLineCharacters / 4));
});
