import { AppError } from "./errors.ts";

/** More than any page of ours sends: sixty reads with filters, or a thousand ids. */
const limits = { depth: 8, values: 4_000, textLength: 10_000 };

/**
 * Refuses what is deeper, larger or of other kinds than the input of any read or action, before a schema walks it. One
 * value may stand in many places of what an action was sent, so that 64 kB can be a tree without end: each place counts.
 * @throws AppError BAD_INPUT
 */
export function assertBounded(input: unknown): void {
  let values = 0;
  let level: unknown[] = [input];
  for (let depth = 0; level.length > 0; depth++) {
    values += level.length;
    if (depth > limits.depth) throw refused(`is nested deeper than ${limits.depth} levels`);
    if (values > limits.values) throw refused(`holds more than ${limits.values} values`);
    level = level.flatMap(partsOf);
  }
}

function partsOf(value: unknown): unknown[] {
  if (typeof value === "string" && value.length > limits.textLength)
    throw refused(`holds a text of more than ${limits.textLength} characters`);
  if (Array.isArray(value)) return value;
  if (typeof value === "function" || typeof value === "symbol") throw refused("holds what is no data");
  if (typeof value !== "object" || value === null || value instanceof Date) return [];
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) throw refused("holds what is no data");
  const keys = Object.keys(value);
  if (keys.some((key) => key.length > limits.textLength)) throw refused("holds a name that is too long");
  return keys.map((key) => (value as Record<string, unknown>)[key]);
}

const refused = (problem: string) => new AppError("BAD_INPUT", `The input ${problem}.`);
