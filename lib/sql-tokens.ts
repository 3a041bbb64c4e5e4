/** What PostgreSQL's scanner (scan.l) would call a piece of SQL. `literal` is any form of string, with all its parts. */
export type SqlTokenKind =
  | "space"
  | "comment"
  | "literal"
  | "identifier"
  | "word"
  | "number"
  | "parameter"
  | "operator";

export interface SqlToken {
  kind: SqlTokenKind;
  text: string;
  /** Where it begins, in UTF-16 units. */
  at: number;
}

/** How a backslash in '…' reads: it depends on standard_conforming_strings, which no text tells. */
export type Backslashes = "plain" | "escapes";

/**
 * The tokens of any text, valid SQL or not, cut off anywhere or not SQL at all; joined they are the text. Each looks at
 * every character a bounded number of times and none is tried twice, so the time grows with the text's length alone.
 * Our own, since PostgreSQL's scanner (libpg-query) refuses a text that the server cut off, and grammars of editors do not
 * know literals in parts.
 */
export function* sqlTokens(text: string, backslashes: Backslashes = "plain"): Generator<SqlToken, void> {
  for (let at = 0; at < text.length; ) {
    const [kind, end] = tokenAt(text, at, backslashes === "escapes");
    yield { kind, text: text.slice(at, end), at };
    at = end;
  }
}

function tokenAt(text: string, at: number, escapes: boolean): [SqlTokenKind, end: number] {
  const first = text[at] as string;
  const second = text[at + 1] ?? "";
  if (isSpace(first)) return ["space", skip(text, at, isSpace)];
  if (first === "-" && second === "-") return ["comment", lineEnd(text, at)];
  if (first === "/" && second === "*") return ["comment", commentEnd(text, at)];
  if (first === "'") return ["literal", literalEnd(text, at, escapes)];
  if (first === '"') return ["identifier", closing(text, at + 1, '"')];
  if (first === "$") {
    const number = skip(text, at + 1, isDigit);
    if (number > at + 1) return ["parameter", number];
    const end = dollarEnd(text, at);
    return end ? ["literal", end] : ["operator", at + 1];
  }
  if (isDigit(first) || (first === "." && isDigit(second))) return ["number", numberEnd(text, at)];
  if (isWordStart(first)) {
    if (second === "'" && "eEbBxXnN".includes(first))
      return ["literal", literalEnd(text, at + 1, escapes || first === "e" || first === "E")];
    if ((first === "u" || first === "U") && second === "&") {
      if (text[at + 2] === "'") return ["literal", literalEnd(text, at + 2, false)];
      if (text[at + 2] === '"') return ["identifier", closing(text, at + 3, '"')];
    }
    return ["word", skip(text, at + 1, isWordPart)];
  }
  return ["operator", at + (isHighSurrogate(first) && second ? 2 : 1)];
}

/** A literal may stand in parts with a line feed between; they are one, and read as the first does. */
function literalEnd(text: string, quoteAt: number, escapes: boolean): number {
  for (let at = quoteAt; ; ) {
    const end = literalPartEnd(text, at, escapes);
    const next = nextLiteralPart(text, end);
    if (next === null) return end;
    at = next;
  }
}

/** Where the part ends whose opening quote stands at `quoteAt`. */
export function literalPartEnd(text: string, quoteAt: number, escapes: boolean): number {
  return escapes ? escapedEnd(text, quoteAt + 1) : closing(text, quoteAt + 1, "'");
}

/** Behind the quote that closes; two in a row stand for one. The end where none does. */
function closing(text: string, from: number, quote: string): number {
  for (let at = text.indexOf(quote, from); at >= 0; at = text.indexOf(quote, at + 2))
    if (text[at + 1] !== quote) return at + 1;
  return text.length;
}

function escapedEnd(text: string, from: number): number {
  for (let at = from; at < text.length; at++) {
    if (text[at] === "\\") at++;
    else if (text[at] === "'") {
      if (text[at + 1] !== "'") return at + 1;
      at++;
    }
  }
  return text.length;
}

/** Where the quote of a literal's next part stands: behind a line feed, with nothing but space and `--` comments between. */
export function nextLiteralPart(text: string, from: number): number | null {
  let lineFeed = false;
  for (let at = from; at < text.length; ) {
    if (text[at] === "\n" || text[at] === "\r") lineFeed = true;
    if (text[at] === "'") return lineFeed ? at : null;
    if (text.startsWith("--", at)) at = lineEnd(text, at);
    else if (isSpace(text[at] as string)) at++;
    else return null;
  }
  return null;
}

function lineEnd(text: string, from: number): number {
  return skip(text, from, (character) => character !== "\n" && character !== "\r");
}

/** Comments nest. */
function commentEnd(text: string, from: number): number {
  let depth = 0;
  for (let at = from; at < text.length; at++) {
    if (text[at] === "/" && text[at + 1] === "*") {
      depth++;
      at++;
    } else if (text[at] === "*" && text[at + 1] === "/") {
      depth--;
      at++;
      if (depth === 0) return at + 1;
    }
  }
  return text.length;
}

/** Behind `$tag$…$tag$`; null where no such tag begins. Without a closing tag it goes to the end. */
function dollarEnd(text: string, from: number): number | null {
  const named = isWordStart(text[from + 1] ?? "");
  const tagEnd = named ? skip(text, from + 1, isTagPart) : from + 1;
  if (text[tagEnd] !== "$") return null;
  const tag = text.slice(from, tagEnd + 1);
  const close = text.indexOf(tag, tagEnd + 1);
  return close < 0 ? text.length : close + tag.length;
}

function numberEnd(text: string, from: number): number {
  let end = skip(text, from, isNumberPart);
  if (/[eE]/.test(text[end - 1] ?? "") && /[+-]/.test(text[end] ?? "") && isDigit(text[end + 1] ?? ""))
    end = skip(text, end + 1, isDigit);
  return end;
}

function skip(text: string, from: number, matches: (character: string) => boolean): number {
  let at = from;
  while (at < text.length && matches(text[at] as string)) at++;
  return at;
}

const isSpace = (c: string) =>
  c === " " || c === "\n" || c === "\t" || c === "\r" || c === "\f" || c === "\v";
const isDigit = (c: string) => c >= "0" && c <= "9" && c.length === 1;
/** Letters, the underscore, and all of what is not ASCII. */
const isWordStart = (c: string) =>
  (c >= "a" && c <= "z") || (c >= "A" && c <= "Z") || c === "_" || c >= "\x80";
const isTagPart = (c: string) => isWordStart(c) || isDigit(c);
const isWordPart = (c: string) => isTagPart(c) || c === "$";
const isNumberPart = (c: string) => isTagPart(c) || c === ".";
const isHighSurrogate = (c: string) => c >= "\ud800" && c <= "\udbff";
