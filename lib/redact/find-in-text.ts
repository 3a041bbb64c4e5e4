import type { Hidden } from "./ranges.ts";
import { isSecretName } from "./secret-names.ts";

/**
 * Secrets in a text of any form, such as a literal's or a comment's: connection strings, URLs, JSON, headers, query
 * strings, command lines. A value without quotes goes up to the next space. Each character is passed a bounded number of times.
 */
export function findInText(text: string): Hidden[] {
  const hidden = findInUrls(text);
  let done = 0;
  for (const { 0: word, index } of text.matchAll(/[\w-]+/g)) {
    if (index < done) continue;
    const from = valueBehind(text, word, index + word.length);
    if (from === null) continue;
    done = valueEnd(text, from, /^authorization$/i.test(word));
    const quote = /["']/.exec(text[from] ?? "")?.[0] ?? "";
    if (done > from) hidden.push({ from, to: done, by: `${quote}…${quote}` });
  }
  return hidden;
}

/** Where the value of a name begins; null when it names no secret, or nothing is assigned to it. */
function valueBehind(text: string, word: string, end: number): number | null {
  if (/^bearer$/i.test(word)) return text[end] === " " ? skip(text, end, " ") : null;
  if (!isSecretName(word) && !/^authorization$/i.test(word)) return null;
  const sign = skip(text, end, " \t\r\n\\\"'");
  if (text[sign] !== "=" && text[sign] !== ":") return null;
  return skip(text, sign, "=:> \t\r\n\\");
}

function valueEnd(text: string, from: number, wholeLine: boolean): number {
  const first = text[from] ?? "";
  if (first === '"' || first === "'") return quotedEnd(text, from, first);
  if (first === "[" || first === "{") return bracketEnd(text, from);
  let at = from;
  while (at < text.length && !(wholeLine ? "\r\n\"'" : " \t\r\n").includes(text[at] as string)) at++;
  return at;
}

function quotedEnd(text: string, from: number, quote: string): number {
  // Behind a backslash it is JSON within a string: the next quote ends it.
  const escapes = text[from - 1] !== "\\";
  for (let at = from + 1; at < text.length; at++) {
    if (escapes && text[at] === "\\") at++;
    else if (text[at] === quote) {
      if (!escapes || text[at + 1] !== quote) return at + 1;
      at++;
    }
  }
  return text.length;
}

function bracketEnd(text: string, from: number): number {
  let depth = 0;
  for (let at = from; at < text.length; at++) {
    if ("[{".includes(text[at] as string)) depth++;
    else if ("]}".includes(text[at] as string) && --depth === 0) return at + 1;
  }
  return text.length;
}

/** `scheme://user:password@`, also where the text ends before the `@`. A port is none. */
function findInUrls(text: string): Hidden[] {
  const hidden: Hidden[] = [];
  let wordEnd = 0;
  let lastAt = -1;
  for (let at = text.indexOf("://"); at >= 0; at = text.indexOf("://", at)) {
    at += 3;
    if (at > wordEnd) {
      wordEnd = at;
      while (wordEnd < text.length && !" \t\r\n\"'".includes(text[wordEnd] as string)) wordEnd++;
      lastAt = text.slice(at, wordEnd).lastIndexOf("@") + at;
    }
    // No further than the next `://`.
    const colon = text.slice(at, wordEnd).search(/[:/?#]/) + at;
    if (colon < at || text[colon] !== ":" || text.startsWith("://", colon)) continue;
    const to = lastAt > colon ? lastAt : wordEnd;
    if (lastAt <= colon && /^:\d{0,5}(?:[/?#,;.)\]]|$)/.test(text.slice(colon, Math.min(wordEnd, colon + 8))))
      continue;
    hidden.push({ from: colon + 1, to, by: "…" });
    at = to;
  }
  return hidden;
}

function skip(text: string, from: number, characters: string): number {
  let at = from;
  while (at < text.length && characters.includes(text[at] as string)) at++;
  return at;
}
