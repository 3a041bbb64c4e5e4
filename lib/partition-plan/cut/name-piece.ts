import { findUnknownField, labelOf, labelOfOdd, renderName } from "../../audit-db/schema/name-template.ts";
import type { Stretch } from "./learn-cut.ts";
import { follows } from "./learn-cut.ts";
import type { Line } from "./learn-line.ts";
import { learnName, type NamedStretch, nextNumber } from "./learn-name.ts";

export const longestNameBytes = 63;

export interface Naming {
  template: string;
  from: "request" | "partitions" | "default";
}

/** How a table's partitions are named: as asked for, else as its newest are, else with the table's name and the interval. */
export function settleNaming(
  asked: string | undefined,
  table: string,
  siblings: readonly NamedStretch[],
  { cut, codec }: Line,
): Naming | { problem: string } {
  if (asked !== undefined) {
    const unknown = findUnknownField(asked);
    return unknown === null
      ? { template: asked, from: "request" }
      : {
          problem: `${unknown} means nothing in a name. There are {table} {yyyy} {mm} {dd} {hh} {q} {iyyy} {ww} {from} {to} {n}, and {to_yyyy} and so on for the upper bound.`,
        };
  }
  // Names of an interval that is no longer meant would not tell the new pieces apart.
  const alike = siblings.filter((sibling) => follows(cut, sibling));
  const learned = learnName(table, alike, codec.line !== "number");
  return learned === null
    ? { template: `{table}_${labelOf(cut.unit)}`, from: "default" }
    : { template: learned, from: "partitions" };
}

/** Names pieces one after the other, those that are no whole ones by both ends. @param taken names of the partitions there are */
export function namePieces(
  { template }: Naming,
  table: string,
  walls: readonly Stretch[],
  line: Line,
  taken: readonly string[],
): string[] {
  let next = nextNumber(table, template, taken);
  return walls.map((wall) => {
    const tellsBoth = /\{n\}|\{to_dd\}|\{to\}/.test(template);
    const odd = line.codec.line === "number" ? "{from}_{to}" : labelOfOdd(wall);
    const whole = follows(line.cut, wall) || tellsBoth;
    return renderName(whole ? template : `{table}_${odd}`, { table, ...wall, next: next++ });
  });
}

export function bytesOf(name: string): number {
  return new TextEncoder().encode(name).length;
}

/** A pattern whose names fit: the letters before its first field of time are cut down. */
export function shortened(template: string, table: string, surplusBytes: number): string {
  const spelled = template.replaceAll("{table}", table);
  const at = spelled.indexOf("{");
  const letters = [...spelled.slice(0, at < 0 ? undefined : at).replace(/_$/, "")];
  let surplus = surplusBytes;
  while (surplus > 0 && letters.length > 1) surplus -= bytesOf(letters.pop() ?? "");
  return `${letters.join("").replace(/_+$/, "")}_${at < 0 ? "" : spelled.slice(at)}`;
}
