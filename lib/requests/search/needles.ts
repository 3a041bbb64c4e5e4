import type { RequestPerson } from "../sealed.ts";
import { normalIdentifier } from "../sealed.ts";

type Identifier = RequestPerson["identifiers"][number];

/** Shorter ones would be found inside of other words and numbers: they count between those that are no letters or digits. */
const freeFrom = 6;
/** Shorter ones still, such as `7`, count only as a whole value. */
const wordFrom = 3;
const phoneDigits = 7;

interface Needle {
  /** Lower case. */
  text: string;
  /** What may stand beside it. */
  beside: "anything" | "no digit" | "no word" | "nothing";
}

/**
 * Tells whether a text holds one of a person's identifiers in any form in which programs write them down: whatever its
 * case and Unicode form, escaped as JSON or in an address, a phone number with separators or without. What it is made of
 * are strings that the memory of a process keeps: only a process that ends may hold one for long.
 */
export function createMatcher(identifiers: readonly Identifier[]): (text: string) => boolean {
  const needles = identifiers.flatMap(({ value }) => formsOf(value).map(needleOf));
  const phones = identifiers.flatMap(({ kind, value }) => (kind === "phone" ? phonePattern(value) : []));
  return (text) => {
    const lower = text.toLowerCase();
    return needles.some((needle) => holds(lower, needle)) || phones.some((pattern) => pattern.test(text));
  };
}

/** Every spelling that is looked for, in lower case. */
export function formsOf(value: string): string[] {
  const plain = [value.trim(), normalIdentifier(value)].flatMap((text) =>
    (["NFC", "NFD", "NFKC"] as const).map((form) => text.normalize(form)),
  );
  const forms = plain.flatMap((text) => [text, JSON.stringify(text).slice(1, -1), urlForm(text)]);
  return [...new Set(forms.map((text) => text.toLowerCase()))].filter((text) => text !== "");
}

/** A lone half of a surrogate pair has no form in an address. */
function urlForm(text: string): string {
  return text.isWellFormed() ? encodeURIComponent(text) : text;
}

function needleOf(text: string): Needle {
  if (text.length < wordFrom) return { text, beside: "nothing" };
  if (text.length < freeFrom) return { text, beside: "no word" };
  return { text, beside: /^\d|\d$/.test(text) ? "no digit" : "anything" };
}

function holds(lower: string, { text, beside }: Needle): boolean {
  for (let at = lower.indexOf(text); at >= 0; at = lower.indexOf(text, at + 1)) {
    if (beside === "anything") return true;
    const before = lower.slice(Math.max(0, at - 2), at);
    const after = lower.slice(at + text.length, at + text.length + 2);
    if (beside === "nothing" ? isWhole(before, after) : isApart(text, before, after, beside)) return true;
  }
  return false;
}

const isWhole = (before: string, after: string) => /^$|["\n]$/u.test(before) && /^$|^["\n]/u.test(after);

/** An address of the internet goes on with digits, an id may stand behind letters. */
function isApart(text: string, before: string, after: string, beside: "no digit" | "no word"): boolean {
  if (beside === "no word") return !/[\p{L}\p{N}]$/u.test(before) && !/^[\p{L}\p{N}]/u.test(after);
  const grown = (/^\d/.test(text) && /\d$/.test(before)) || (/\d$/.test(text) && /^\d/.test(after));
  return !grown;
}

/** The digits with whatever people put between them; the country's code as `+49` or `0049`. */
function phonePattern(value: string): RegExp[] {
  const digits = value
    .replace(/^\s*\+/, "")
    .replace(/^00/, "")
    .replace(/\D/g, "");
  if (digits.length < phoneDigits) return [];
  return [new RegExp(`(?<!\\d[\\s().\\/-]{0,2})(?:00)?${[...digits].join("[\\s().\\/-]{0,3}")}(?!\\d)`)];
}
