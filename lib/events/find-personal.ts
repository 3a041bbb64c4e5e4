/** What looks like a person's, by kind. Each pattern is bounded, and takes time linear in its text. */
const patterns = {
  "e-mail address": /[a-z0-9._%+-]{1,64}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){0,4}\.[a-z]{2,24}/i,
  // The host of a URL is a server.
  "IP address": /(?<![\d.]|:\/\/)(?:\d{1,3}\.){3}\d{1,3}(?![\d.])/,
  "telephone number": /(?<![\w+])\+\d{1,3}[ -]?(?:\d[ -]?){6,12}\d(?!\d)/,
  IBAN: /\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?\b/,
} as const;
export type PersonalKind = keyof typeof patterns;

const longestText = 2_000;
const deepest = 12;

/** Where in clear fields something looks like a person's, and what; never the text itself. */
export interface PersonalPlace {
  /** e.g. `details.contact.email`, with `[]` for any place of a list. */
  path: string;
  kind: PersonalKind;
}

/** @param value a field as JSON gives it */
export function findPersonal(value: unknown, path: string, depth = 0): PersonalPlace[] {
  if (typeof value === "string") {
    const text = value.slice(0, longestText);
    const kind = (Object.keys(patterns) as PersonalKind[]).find((each) => patterns[each].test(text));
    return kind ? [{ path, kind }] : [];
  }
  if (typeof value !== "object" || value === null || depth >= deepest) return [];
  if (Array.isArray(value)) return value.flatMap((each) => findPersonal(each, `${path}[]`, depth + 1));
  return Object.entries(value).flatMap(([key, each]) => {
    const inKey = findPersonal(key, path);
    // A key may be somebody's address itself, and then is not told either.
    const named = `${path}.${inKey.length > 0 ? "*" : key.slice(0, 60)}`;
    return [
      ...inKey.map(({ kind }) => ({ path: `${path}.*`, kind })),
      ...findPersonal(each, named, depth + 1),
    ];
  });
}
