import { expect, test } from "vitest";
import { drawPassphrase } from "./passphrase.ts";

test("a passphrase has seven words that can be spoken, and is never drawn twice", () => {
  const drawn = Array.from({ length: 2_000 }, drawPassphrase);
  for (const one of drawn)
    expect(one).toMatch(
      /^([bdfghjklmnprstvz][aiou]){2}[bdfghjklmnprstvz](-([bdfghjklmnprstvz][aiou]){2}[bdfghjklmnprstvz]){6}$/,
    );
  expect(new Set(drawn).size).toBe(drawn.length);
});

test("each bit of a word is drawn: all consonants and vowels stand at every place", () => {
  const words = Array.from({ length: 2_000 }, drawPassphrase).flatMap((one) => one.split("-"));
  const at = (place: number) => new Set(words.map((word) => word[place])).size;
  expect([0, 1, 2, 3, 4].map(at)).toEqual([16, 4, 16, 4, 16]);
});
