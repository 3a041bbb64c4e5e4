import { z } from "zod";
import { textInput } from "./inputs.ts";

const mostCharacters = 500;
/** Letters and digits in words; an ideograph, a kana or a Hangul syllable says as much as two. */
const leastWeight = 6;
const dense = /[\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{scx=Hang}]/u;
const letters = /\p{L}/u;

/** What fingers do instead of writing: rows of keyboards, and the alphabet. */
const runs = [
  "qwertyuiop",
  "qwertzuiop",
  "azertyuiop",
  "asdfghjkl",
  "qsdfghjklm",
  "zxcvbnm",
  "yxcvbnm",
  "wxcvbn",
  "йцукенгшщзхъ",
  "фывапролджэ",
  "ячсмитьбю",
  "abcdefghijklmnopqrstuvwxyz",
].flatMap((row) => [row, [...row].reverse().join("")]);

/** Words of any script, those written without spaces too. */
const segmenter = new Intl.Segmenter("en", { granularity: "word" });

/** One line: no control characters, none that turn the reading direction round, single spaces. */
function normalizeReason(text: string): string {
  return text
    .normalize("NFC")
    .replace(/[\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g, "")
    .replace(/[\p{Cc}\p{Zs}\p{Zl}\p{Zp}]+/gu, " ")
    .trim();
}

/**
 * Whether a normalised text says something: two different words, one of them more than two letters and a number, none of
 * them one character or syllable repeated or a run of keys. "Ticket AUD-1234" does; "aaaaa", "asdf asdf" and "1 2 3" do not.
 */
function saysWhy(text: string): boolean {
  const words = [...segmenter.segment(text.toLowerCase())]
    .filter(({ isWordLike, segment }) => isWordLike && isWritten(segment))
    .map(({ segment }) => segment);
  const distinct = [...new Set(words)];
  const weight = [...distinct.join("")].reduce((sum, c) => sum + (dense.test(c) ? 2 : 1), 0);
  return distinct.length >= 2 && weight >= leastWeight && distinct.some(isTelling);
}

function isWritten(word: string): boolean {
  if (dense.test(word)) return true;
  if (!letters.test(word)) return /^\p{N}+$/u.test(word);
  return [...word].length >= 2 && !/^(.{1,3})\1+$/u.test(word) && !isRun(word);
}

const isTelling = (word: string): boolean =>
  letters.test(word) && (dense.test(word) || [...word].length >= 3);

const isRun = (word: string): boolean => [...word].length >= 3 && runs.some((run) => run.includes(word));

/** A reason a person gives for the record: normalised, and refused unless it says something. The one rule for every door. */
export const reasonInput = z
  .string()
  .max(4 * mostCharacters)
  .transform(normalizeReason)
  .pipe(
    textInput(mostCharacters).refine(
      saysWhy,
      "say why in at least two words: name the ticket or the request, such as “Ticket AUD-1234”",
    ),
  );
