import { AppError } from "../../errors.ts";
import type { Json } from "./i-json.ts";

// No alternation inside the loop: on a text of megabytes that would exhaust the stack.
const strings = /"[^"\\]*(?:\\.[^"\\]*)*"/g;
/** Up to fifteen digits and two of an exponent a double holds whatever they are. */
const doubtfulNumbers = /-?(?:[\d.]{16,}(?:e[+-]?\d+)?|[\d.]+e[+-]?\d{3,})/gi;
/** Deeper than any event; what walks a value may recurse. */
const maxDepth = 64;

/**
 * JSON text as a value, refusing what JSON.parse would change without a word: of two members of the same name it
 * keeps one, and digits that a double cannot hold it rounds (RFC 7493, sections 2.2 and 2.3).
 * @throws AppError BAD_INPUT (`fields`: path → problem)
 */
export function parseIJson(text: string): Json {
  let value: Json;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new AppError("BAD_INPUT", `The text is not JSON: ${(cause as Error).message}.`, { cause });
  }
  // Without its strings, a JSON text has a colon for each member. It is walked a second time only to find the path.
  const bare = text.replace(strings, "");
  const members = countColons(bare);
  const doubtful = bare.match(doubtfulNumbers) ?? [];
  if (members !== countMembers(value) || !doubtful.every((written) => survives(written, Number(written))))
    refuseLoss(text);
  return value;
}

/** @throws AppError BAD_INPUT for a text that is nested too deep */
function countColons(bare: string): number {
  let count = 0;
  let depth = 0;
  for (let at = 0; at < bare.length; at++) {
    const character = bare[at];
    if (character === ":") count++;
    else if (character === "{" || character === "[") depth++;
    else if (character === "}" || character === "]") depth--;
    if (depth > maxDepth)
      throw new AppError("BAD_INPUT", `The JSON is nested deeper than ${maxDepth} levels.`);
  }
  return count;
}

function countMembers(value: Json): number {
  if (typeof value !== "object" || value === null) return 0;
  let count = 0;
  if (Array.isArray(value)) for (const inner of value) count += countMembers(inner);
  else for (const key in value) count += 1 + countMembers(value[key] as Json);
  return count;
}

const tokens = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d[\d.eE+-]*|[{}[\],]/g;

/** Walks a text that is JSON, where nothing has been merged or rounded yet, to the first thing that would be. */
function refuseLoss(text: string): void {
  // For each object or list around: the names seen, or null in a list; and in `path` the name or the index just now.
  const open: (Set<string> | null)[] = [];
  const path: (string | number)[] = [];
  let nameNext = false;
  for (const [token] of text.matchAll(tokens)) {
    const names = open.at(-1);
    if (token === "{" || token === "[") {
      open.push(token === "{" ? new Set() : null);
      path.push(token === "{" ? "" : 0);
      nameNext = token === "{";
    } else if (token === "}" || token === "]") {
      open.pop();
      path.pop();
      nameNext = false;
    } else if (token === ",") {
      nameNext = Boolean(names);
      if (!names) path[path.length - 1] = Number(path.at(-1)) + 1;
    } else if (token.startsWith('"')) {
      if (nameNext && names) {
        const name = JSON.parse(token) as string;
        path[path.length - 1] = name;
        if (names.has(name)) refuse(path, "stands there twice");
        names.add(name);
      }
      nameNext = false;
    } else if (!survives(token, Number(token)))
      refuse(path, "has more digits than a double can hold; send it as text");
  }
}

function refuse(path: readonly (string | number)[], problem: string): never {
  const at = path.join(".") || "value";
  throw new AppError("BAD_INPUT", `${at}: ${problem}`, { fields: { [at]: problem } });
}

/** Whether the number written stands for exactly what printing its double gives. */
function survives(written: string, value: number): boolean {
  return Number.isFinite(value) && digitsOf(written) === digitsOf(String(value));
}

/** A decimal's significant digits and the exponent of the first, so that `1.50e1` and `15` are the same. */
function digitsOf(written: string): string {
  const [, sign, whole = "", fraction = "", exponent = "0"] =
    /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]?\d+))?$/i.exec(written) ?? [];
  const digits = (whole + fraction).replace(/^0+/, "");
  if (digits === "") return `${sign}0`;
  const leading = (whole + fraction).length - digits.length;
  // A pattern anchored at the end alone would try each run of zeros from each of its places: 80 kB took 21 s.
  let end = digits.length;
  while (digits[end - 1] === "0") end--;
  return `${sign}${digits.slice(0, end)}e${whole.length - leading + Number(exponent)}`;
}
