import { findTextProblem, maxJsonDepth } from "./i-json.ts";

/** Printable ASCII without what JSON escapes: nearly every text of an event. */
const plain = /^[ !#-[\]-~]*$/;

/**
 * The RFC 8785 form of a value, or null where it is not I-JSON (RFC 7493) or nested too deep: `findJsonProblem` then
 * says where and why. Check and text in one walk take a third of what `findJsonProblem`, `JSON.stringify` for the size
 * and the `canonicalize` package took together (bench `crypto`), and every event of an append passes here.
 */
export function canonicalIJson(value: unknown, depth = 0): string | null {
  if (depth > maxJsonDepth) return null;
  switch (typeof value) {
    case "string":
      return quote(value);
    case "number":
      if (!Number.isFinite(value) || (Number.isInteger(value) && !Number.isSafeInteger(value))) return null;
      // ECMAScript's text of a number, except for -0.
      return value === 0 ? "0" : `${value}`;
    case "boolean":
      return value ? "true" : "false";
    case "object":
      if (value === null) return "null";
      return Array.isArray(value) ? writeList(value, depth + 1) : writeObject(value, depth + 1);
    default:
      return null;
  }
}

function writeList(list: readonly unknown[], depth: number): string | null {
  let text = "[";
  for (let at = 0; at < list.length; at++) {
    const inner = canonicalIJson(list[at], depth);
    if (inner === null) return null;
    text += at > 0 ? `,${inner}` : inner;
  }
  return `${text}]`;
}

function writeObject(object: object, depth: number): string | null {
  const prototype: unknown = Object.getPrototypeOf(object);
  if (prototype !== Object.prototype && prototype !== null) return null;
  let text = "{";
  for (const name of sorted(Object.keys(object))) {
    const value = (object as Record<string, unknown>)[name];
    // Absent, as JSON.stringify has it.
    if (value === undefined) continue;
    const key = quote(name);
    const inner = key === null ? null : canonicalIJson(value, depth);
    if (inner === null) return null;
    text += text.length > 1 ? `,${key}:${inner}` : `${key}:${inner}`;
  }
  return `${text}}`;
}

/** By UTF-16 code units, as RFC 8785 has it. A few names by hand: the call into the engine takes four times as long. */
function sorted(names: string[]): string[] {
  if (names.length > 16) return names.sort();
  for (let at = 1; at < names.length; at++) {
    const name = names[at] as string;
    let to = at;
    for (; to > 0 && (names[to - 1] as string) > name; to--) names[to] = names[to - 1] as string;
    names[to] = name;
  }
  return names;
}

function quote(text: string): string | null {
  if (plain.test(text)) return `"${text}"`;
  return findTextProblem(text) === null ? JSON.stringify(text) : null;
}
