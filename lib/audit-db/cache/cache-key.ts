import { hash } from "node:crypto";

/** What may tell one answer from another. */
export type KeyPart =
  | string
  | number
  | boolean
  | bigint
  | null
  | undefined
  | Date
  | readonly KeyPart[]
  | KeyFields;
/** Told apart by name and value, whatever the order. */
export interface KeyFields {
  readonly [name: string]: KeyPart;
}

/**
 * One SHA-256 (43 characters, base64url) of the target, whose eyes the answer is for, the statement and its parameters.
 */
export function cacheKey(
  target: string,
  scope: string,
  name: string,
  parameters: readonly KeyPart[],
): string {
  return hash("sha256", text(target) + text(scope) + text(name) + encode(parameters), "base64url");
}

/**
 * Parameters as text that no other parameters have: every value says its type, and everything of varying length says
 * its length first (strings in UTF-16 units), so no value can pretend to be the end of the one before it.
 */
export function encode(part: KeyPart): string {
  switch (typeof part) {
    case "string":
      return text(part);
    case "number":
      return Object.is(part, -0) ? "n-0;" : `n${part};`;
    case "boolean":
      return part ? "t" : "f";
    case "bigint":
      return `i${part};`;
    case "undefined":
      return "u";
  }
  if (part === null) return "z";
  if (part instanceof Date) return `d${part.getTime()};`;
  return isList(part) ? list(part) : fields(part);
}

/** Half a surrogate pair would be hashed as U+FFFD like any other half: such text stands escaped. */
function text(value: string): string {
  return value.isWellFormed() ? `s${value.length}:${value}` : `w${JSON.stringify(value)}`;
}

function list(parts: readonly KeyPart[]): string {
  let encoded = `a${parts.length}:`;
  for (const part of parts) encoded += encode(part);
  return encoded;
}

function fields(parts: KeyFields): string {
  const names = Object.keys(parts).sort();
  let encoded = `o${names.length}:`;
  for (const name of names) encoded += text(name) + encode(parts[name]);
  return encoded;
}

function isList(part: readonly KeyPart[] | KeyFields): part is readonly KeyPart[] {
  return Array.isArray(part);
}
