import { randomBytes } from "node:crypto";

const consonants = "bdfghjklmnprstvz";
const vowels = "aiou";
const words = 7;

/**
 * Seven words of five letters, as proquints are (arXiv 0901.4016): each is 16 bits in turns of consonant and vowel, so that
 * it can be read out on a telephone in English and German alike. 112 bits.
 */
export function drawPassphrase(): string {
  const bytes = randomBytes(2 * words);
  return Array.from({ length: words }, (_, at) => wordOf(bytes.readUInt16BE(2 * at))).join("-");
}

function wordOf(bits: number): string {
  const consonant = (shift: number) => consonants[(bits >> shift) & 15];
  const vowel = (shift: number) => vowels[(bits >> shift) & 3];
  return `${consonant(12)}${vowel(10)}${consonant(6)}${vowel(4)}${consonant(0)}`;
}
