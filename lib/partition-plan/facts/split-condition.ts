/**
 * The parts of a condition that AND joins, as the server prints them, without the brackets around the whole and around
 * each: `((at IS NOT NULL) AND (at >= '…'))` is `at IS NOT NULL` and `at >= '…'`.
 */
export function splitCondition(text: string): string[] {
  const whole = withoutBrackets(text.trim());
  const parts = topLevel(whole);
  return parts.length === 1 ? parts : parts.flatMap(splitCondition);
}

/** Whether these conditions together say all that `wanted` says, part by part. NOT NULL columns need no part. */
export function implies(conditions: readonly string[], wanted: string, notNull: readonly string[]): boolean {
  const said = new Set(conditions.flatMap(splitCondition));
  return splitCondition(wanted).every(
    (part) => said.has(part) || notNull.some((column) => part === `${column} IS NOT NULL`),
  );
}

/** Both ends of a range that a condition says of a key, as literals; null where it does not say both. */
export function rangeOf(conditions: readonly string[], key: string): { from: string; to: string } | null {
  const parts = conditions.flatMap(splitCondition);
  const end = (operator: string) => {
    const begins = [`${key} ${operator} `, `(${key}) ${operator} `];
    const part = parts.find((each) => begins.some((begin) => each.startsWith(begin)));
    return part?.slice(part.indexOf(` ${operator} `) + operator.length + 2) ?? null;
  };
  const [from, to] = [end(">="), end("<")];
  return from === null || to === null ? null : { from, to };
}

/** The items of a list that commas part, outside of quotes and brackets. */
export function splitByCommas(text: string): string[] {
  return topLevel(text, ",").map((item) => item.trim());
}

function withoutBrackets(text: string): string {
  return text.startsWith("(") && closing(text) === text.length - 1
    ? withoutBrackets(text.slice(1, -1).trim())
    : text;
}

/** Where the bracket that opens at the beginning is closed. */
function closing(text: string): number {
  let depth = 0;
  for (const { at, character } of outsideQuotes(text)) {
    if (character === "(") depth++;
    if (character === ")" && --depth === 0) return at;
  }
  return -1;
}

function topLevel(text: string, separator = " AND "): string[] {
  const cuts: number[] = [];
  let depth = 0;
  for (const { at, character } of outsideQuotes(text)) {
    if (character === "(") depth++;
    if (character === ")") depth--;
    if (depth === 0 && text.startsWith(separator, at)) cuts.push(at);
  }
  const ends = [...cuts, text.length];
  return ends.map((end, i) => text.slice(i === 0 ? 0 : (ends[i - 1] ?? 0) + separator.length, end));
}

function* outsideQuotes(text: string): Generator<{ at: number; character: string }> {
  let quote: string | null = null;
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at);
    if (quote !== null) quote = character === quote ? null : quote;
    else if (character === "'" || character === '"') quote = character;
    else yield { at, character };
  }
}
