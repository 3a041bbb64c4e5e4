/** What stands in place of somebody else's data. */
export const maskedText = "[masked]";

/** What looks like somebody's wherever it stands. Each pattern is bounded, and takes time linear in its text. */
const address = /[a-z0-9._%+-]{1,64}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){0,4}\.[a-z]{2,24}/gi;
const telephone = /(?<![\w+])\+\d{1,3}[ -]?(?:\d[ -]?){6,12}\d(?!\d)/g;
const account = /\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?\b/g;
/** Only where somebody else takes part: alone, it is most likely the person's own, or a version number. */
const ip = /(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.])/g;

/** A shorter value (an id such as `7`) is masked where it is the whole text, and not within others. */
const shortestWithin = 4;
const deepest = 20;

export interface Masking {
  /** The person's own values, lower-case: they stay. */
  own: ReadonlySet<string>;
  /** Values of the others of this event; none where nobody else takes part. */
  others: readonly string[];
}

/** Takes other people's data out of a text. @returns the same string where there is none */
export function maskText(text: string, { own, others }: Masking): string {
  const keep = (found: string) => (own.has(found.toLowerCase()) ? found : maskedText);
  let masked = text;
  if (text.includes("@")) masked = masked.replace(address, keep);
  if (text.includes("+")) masked = masked.replace(telephone, keep);
  if (text.length >= 15) masked = masked.replace(account, keep);
  if (others.length === 0) return masked;
  masked = masked.replace(ip, keep);
  const folded = masked.toLowerCase();
  for (const other of others) {
    const sought = other.toLowerCase();
    if (own.has(sought)) continue;
    if (sought.length < shortestWithin) {
      if (folded === sought) return maskedText;
    } else if (folded.includes(sought)) masked = replaceEach(masked, sought);
  }
  return masked;
}

/** Every occurrence, whatever its case. */
function replaceEach(text: string, sought: string): string {
  let rest = text;
  let out = "";
  for (let at = rest.toLowerCase().indexOf(sought); at >= 0; at = rest.toLowerCase().indexOf(sought)) {
    out += `${rest.slice(0, at)}${maskedText}`;
    rest = rest.slice(at + sought.length);
  }
  return out + rest;
}

/** The same for JSON as text: given back as it is where nothing in it is anybody else's. */
export function maskJson(text: string, masking: Masking): string {
  if (masking.others.length === 0 && maskText(text, masking) === text) return text;
  return JSON.stringify(maskValue(JSON.parse(text), masking, 0));
}

function maskValue(value: unknown, masking: Masking, depth: number): unknown {
  if (typeof value === "string") return maskText(value, masking);
  if (typeof value === "number") return maskText(String(value), masking) === maskedText ? maskedText : value;
  if (typeof value !== "object" || value === null) return value;
  if (depth >= deepest) return maskedText;
  if (Array.isArray(value)) return value.map((each) => maskValue(each, masking, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [maskText(key, masking), maskValue(each, masking, depth + 1)]),
  );
}
