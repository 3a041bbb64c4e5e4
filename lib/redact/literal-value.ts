import { type Backslashes, literalPartEnd, nextLiteralPart } from "../sql-tokens.ts";

/** The text that a literal stands for: its parts put together, escapes and doubled quotes resolved, without its prefix. */
export function literalValue(literal: string, backslashes: Backslashes): string {
  const prefix = literal.slice(0, literal.indexOf("'")).toLowerCase();
  const escapes = prefix === "e" || (backslashes === "escapes" && prefix === "");
  let value = "";
  for (let at: number | null = prefix.length; at !== null; ) {
    const end = literalPartEnd(literal, at, escapes);
    const closed = end - 1 > at && literal[end - 1] === "'";
    const part = literal.slice(at + 1, closed ? end - 1 : end).replaceAll("''", "'");
    value += escapes ? withoutEscapes(part) : prefix === "u&" ? withoutUnicodeEscapes(part) : part;
    at = nextLiteralPart(literal, end);
  }
  return value;
}

const controls: Record<string, string> = { b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" };

// At each backslash a few characters are looked at, and none twice.
function withoutEscapes(text: string): string {
  return text.replace(
    /\\(?:x([0-9a-f]{1,2})|([0-7]{1,3})|u([0-9a-f]{4})|U([0-9a-f]{8})|([\s\S]))/gi,
    (_, hex, octal, short, long, plain) => {
      if (plain !== undefined) return controls[plain] ?? plain;
      return fromCode(
        octal === undefined ? Number.parseInt(hex ?? short ?? long, 16) : Number.parseInt(octal, 8),
      );
    },
  );
}

function withoutUnicodeEscapes(text: string): string {
  return text.replace(/\\(?:\+([0-9a-f]{6})|([0-9a-f]{4})|(\\))/gi, (_, long, short, backslash) =>
    backslash ? "\\" : fromCode(Number.parseInt(long ?? short, 16)),
  );
}

function fromCode(code: number): string {
  return code <= 0x10_ffff ? String.fromCodePoint(code) : "\ufffd";
}
