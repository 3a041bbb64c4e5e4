/**
 * What makes a spreadsheet run a cell that begins with it (OWASP, CSV Injection; ASVS 1.2.10): the signs of a formula, white
 * space and NUL that are dropped before them, and their full-width forms, which some take for them.
 */
const signs = "=+-@\t\r\n\0＝＋－＠";
const encoded = Array.from(signs, (sign) => new TextEncoder().encode(sign));

/** Whether a text, as a cell, needs an apostrophe before it. */
export function beginsFormula(text: string): boolean {
  return text !== "" && signs.includes(text.charAt(0));
}

const single = new Set(encoded.filter(({ length }) => length === 1).map(([byte]) => byte));
const wide = encoded.filter(({ length }) => length > 1);

/** The same of UTF-8 bytes from `start` to before `end`. */
export function beginsFormulaBytes(from: Uint8Array, start: number, end: number): boolean {
  if (start >= end) return false;
  const first = from[start] as number;
  if (first < 0x80) return single.has(first);
  return wide.some((sign) => end - start >= sign.length && sign.every((byte, i) => from[start + i] === byte));
}
