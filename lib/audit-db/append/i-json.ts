export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

export const maxJsonDepth = 16;

export interface JsonProblem {
  path: (string | number)[];
  message: string;
}

/**
 * The first thing in a value that I-JSON (RFC 7493) or jsonb cannot carry unchanged, or null. A property that is
 * undefined counts as absent, as JSON.stringify has it.
 */
export function findJsonProblem(value: unknown, path: (string | number)[] = []): JsonProblem | null {
  if (path.length > maxJsonDepth) return { path, message: `is nested deeper than ${maxJsonDepth} levels` };
  if (value === null || typeof value === "boolean") return null;
  if (typeof value === "string") {
    const message = findTextProblem(value);
    return message ? { path, message } : null;
  }
  if (typeof value === "number") {
    if (!Number.isFinite(value)) return { path, message: "must be a finite number" };
    if (Number.isInteger(value) && !Number.isSafeInteger(value))
      return {
        path,
        message: "is an integer beyond 2^53 that a double cannot hold exactly; send it as text",
      };
    return null;
  }
  if (Array.isArray(value)) return findFirst(value.entries(), path);
  if (typeof value === "object" && isPlain(value))
    return findFirst(
      Object.entries(value).filter(([, inner]) => inner !== undefined),
      path,
    );
  return { path, message: "must be text, a number, true, false, null, a list or an object" };
}

/** Holds every code unit of a text that cannot be stored; nearly no text has one, and this asks once instead of thrice. */
const doubtful = /[\0\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]/;
const noncharacter = /\p{Noncharacter_Code_Point}/u;

/** Why a text cannot be stored, or null: NUL, which PostgreSQL refuses, and what I-JSON refuses (RFC 7493, section 2.1). */
export function findTextProblem(text: string): string | null {
  if (!doubtful.test(text)) return null;
  if (text.includes("\0")) return "must not contain the NUL character";
  if (!text.isWellFormed()) return "must not contain half a surrogate pair";
  if (noncharacter.test(text)) return "must not contain a noncharacter such as U+FFFE";
  return null;
}

function findFirst(
  entries: Iterable<[string | number, unknown]>,
  path: (string | number)[],
): JsonProblem | null {
  for (const [key, inner] of entries) {
    const inKey = typeof key === "string" ? findTextProblem(key) : null;
    if (inKey) return { path: [...path, key], message: `has a name that ${inKey}` };
    const problem = findJsonProblem(inner, [...path, key]);
    if (problem) return problem;
  }
  return null;
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
