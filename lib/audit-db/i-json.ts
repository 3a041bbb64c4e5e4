export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

export const maxDetailsBytes = 65_536;
const maxDepth = 16;

export interface JsonProblem {
  path: (string | number)[];
  message: string;
}

/**
 * The first thing in a value that I-JSON (RFC 7493) or jsonb cannot carry unchanged, or null. A property that is
 * undefined counts as absent, as JSON.stringify has it.
 */
export function findJsonProblem(value: unknown, path: (string | number)[] = []): JsonProblem | null {
  if (path.length > maxDepth) return { path, message: `is nested deeper than ${maxDepth} levels` };
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

/** Why a text cannot be stored, or null. */
export function findTextProblem(text: string): string | null {
  if (text.includes("\0")) return "must not contain the NUL character";
  if (!text.isWellFormed()) return "must not contain half a surrogate pair";
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
