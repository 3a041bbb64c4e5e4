/** What stands in place of somebody else's data. */
export const maskedText = "[masked]";

/**
 * What looks like somebody's wherever it stands. Each pattern is bounded, and takes time linear in its text. An address may
 * have letters of any script (RFC 6531).
 */
const address =
  /[\p{L}\p{M}\p{N}._%+-]{1,64}@[\p{L}\p{M}\p{N}-]{1,63}(?:\.[\p{L}\p{M}\p{N}-]{1,63}){0,4}\.\p{L}[\p{L}\p{M}\p{N}-]{1,23}/gu;
const telephone = /(?<![\w+])\+\d{1,3}[ -]?(?:\d[ -]?){6,12}\d(?!\d)/g;
const account = /\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?\b/g;
/** Only where somebody else takes part: alone, it is most likely the person's own, or a version number. */
const ip = /(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.])/g;

/** A shorter value (an id such as `7`) is masked where it is the whole text, and not within others. */
const shortestWithin = 4;
const deepest = 20;

export interface Masking {
  /** The person's own values, as `foldText` has them: they stay. */
  own: ReadonlySet<string>;
  /** Values of the others of this event; none where nobody else takes part. */
  others: readonly string[];
}

const beyondAscii = /[\u0080-\uffff]/;

/** One form of what people take for the same text: whatever its case, its accents composed or not. */
export function foldText(text: string): string {
  if (!beyondAscii.test(text)) return text.toLowerCase();
  return text.normalize("NFC").toLowerCase().replaceAll("ς", "σ");
}

/** Takes other people's data out of a text. @returns the same string where there is none */
export function maskText(text: string, { own, others }: Masking): string {
  const keep = (found: string) => (own.has(foldText(found)) ? found : maskedText);
  let masked = text;
  if (text.includes("@")) masked = masked.replace(address, keep);
  if (text.includes("+")) masked = masked.replace(telephone, keep);
  if (text.length >= 15) masked = masked.replace(account, keep);
  if (others.length === 0) return masked;
  masked = masked.replace(ip, keep);
  const folded = foldText(masked);
  const found: string[] = [];
  for (const other of others) {
    const sought = foldText(other);
    if (own.has(sought)) continue;
    if (sought.length < shortestWithin) {
      if (folded === sought) return maskedText;
    } else if (folded.includes(sought)) found.push(sought);
  }
  // A surname that is also somebody's id must not tear the whole name apart.
  for (const sought of found.sort((a, b) => b.length - a.length)) masked = replaceEach(masked, sought);
  return masked;
}

/** Every occurrence of a folded text, whole signs of it. */
function replaceEach(given: string, sought: string): string {
  const { text, folded, signs } = foldBySigns(given);
  let out = "";
  let done = 0;
  for (let at = folded.indexOf(sought); at >= 0; at = folded.indexOf(sought, at + sought.length)) {
    const last = at + sought.length - 1;
    out += `${text.slice(done, signs ? signs[at]?.from : at)}${maskedText}`;
    done = signs ? (signs[last]?.to ?? text.length) : last + 1;
  }
  return out + text.slice(done);
}

/** A text and its folded form, with the sign that each unit of that is of: some are longer then. Null: each is its own. */
function foldBySigns(given: string) {
  if (!beyondAscii.test(given)) return { text: given, folded: given.toLowerCase(), signs: null };
  const text = given.normalize("NFC");
  const signs: { from: number; to: number }[] = [];
  let folded = "";
  let from = 0;
  for (const sign of text) {
    const small = foldText(sign);
    const place = { from, to: from + sign.length };
    for (let unit = 0; unit < small.length; unit++) signs.push(place);
    folded += small;
    from = place.to;
  }
  return { text, folded, signs };
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
