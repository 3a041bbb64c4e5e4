import { type AnyNode, iterator, parse } from "@humanwhocodes/momoa";
import { AppError } from "../errors.ts";
import type { Json } from "./i-json.ts";

const strings = /"(?:[^"\\]|\\.)*"/g;

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
  // Without its strings, a JSON text has a colon for each member; parsing it a second time is for the rare doubtful one.
  const bare = text.replace(strings, "");
  if (countOf(bare, ":") !== countMembers(value) || /[\d.]{16}/.test(bare)) refuseLoss(text);
  return value;
}

function countOf(text: string, character: string): number {
  let count = 0;
  for (let at = text.indexOf(character); at >= 0; at = text.indexOf(character, at + 1)) count++;
  return count;
}

function countMembers(value: Json): number {
  if (typeof value !== "object" || value === null) return 0;
  let count = 0;
  if (Array.isArray(value)) for (const inner of value) count += countMembers(inner);
  else for (const key in value) count += 1 + countMembers(value[key] as Json);
  return count;
}

/** Walks the text's syntax tree, where nothing has been merged or rounded yet. */
function refuseLoss(text: string): void {
  const path: (string | number)[] = [];
  const names: Set<string>[] = [];
  for (const step of iterator(parse(text, { ranges: true }))) {
    const { node, phase } = step as { node: AnyNode; phase: string };
    if (phase === "exit") {
      if (node.type === "Object") names.pop();
      if (node.type === "Member" || node.type === "Element") path.pop();
      continue;
    }
    if (node.type === "Object") names.push(new Set());
    if (node.type === "Element") path.push("[]");
    if (node.type === "Member") {
      const name = node.name.type === "String" ? node.name.value : "";
      path.push(name);
      const seen = names.at(-1);
      if (seen?.has(name)) refuse(path, "stands there twice");
      seen?.add(name);
    }
    if (node.type === "Number" && node.range && !survives(text.slice(...node.range), node.value))
      refuse(path, "has more digits than a double can hold; send it as text");
  }
}

function refuse(path: readonly (string | number)[], problem: string): never {
  const at = path.join(".").replaceAll(".[]", "[]") || "value";
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
  return `${sign}${digits.replace(/0+$/, "")}e${whole.length - leading + Number(exponent)}`;
}
