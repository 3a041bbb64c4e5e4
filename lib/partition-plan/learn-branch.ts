import type { Sql } from "postgres";
import type { PartitionNode } from "../partition-facts/get-nodes.ts";
import { parseBounds } from "../partition-facts/parse-bounds.ts";
import { learnKey, type RangeTexts } from "./cut/learn-key.ts";
import { type AskedCut, finiteStretches, type Line, learnLine, settleKey } from "./cut/learn-line.ts";
import { policyCut } from "./cut/policy-cut.ts";
import { type PartitionRange, rangesOf } from "./cut/uncovered.ts";
import { cousinsOf, type Trees } from "./tree.ts";

/** A table that is partitioned by ranges, and what its partitions tell of the next ones. */
export interface Branch {
  line: Line;
  ranges: PartitionRange[];
  /** The table itself, or one beside it that is cut by the same key where it has no partition yet. */
  learnedFrom: PartitionNode;
  learnedRanges: PartitionRange[];
  /** What new ones are made like; undefined where there is none. */
  newest: PartitionNode | undefined;
}

/** @returns a problem in words, with what to say in the request; `hidden` where a lock hides the bounds just now */
export async function learnBranch(
  sql: Sql,
  trees: Trees,
  parent: PartitionNode,
  asked: AskedCut | undefined,
): Promise<Branch | { problem: string; hidden?: boolean }> {
  const column = parent.key?.[0];
  if (!column || column.less === null)
    return { problem: "Its key is ordered by somebody else's code: its bounds cannot be compared." };
  const ranged = (table: PartitionNode) => trees.children(table.oid).filter(({ isDefault }) => !isDefault);
  const cousins = cousinsOf(trees, parent).toSorted((a, b) => ranged(b).length - ranged(a).length);
  const learnedFrom = ranged(parent).length > 0 ? parent : (cousins[0] ?? parent);
  const learned = learnKey(column.type, ranged(learnedFrom).flatMap(textsOf));
  const codec = settleKey(asked?.key, column.type, learned);
  if ("problem" in codec) return codec;
  const ranges = rangesOf(parent, trees.children(parent.oid), codec);
  if ("problem" in ranges) return ranges;
  const learnedRanges =
    learnedFrom === parent ? ranges : rangesOf(learnedFrom, trees.children(learnedFrom.oid), codec);
  if ("problem" in learnedRanges) return learnedRanges;
  const cut = asked?.unit ? asked : ((await policyCut(sql, trees, parent, asked)) ?? asked);
  const line = await learnLine(sql, codec, finiteStretches(learnedRanges), cut);
  if ("problem" in line) return line;
  const usable = learnedRanges.filter(({ node }) => !node.detachPending);
  const newest = (usable.findLast(({ node }) => node.kind !== "f") ?? usable.at(-1))?.node;
  return { line, ranges, learnedFrom, learnedRanges, newest };
}

function textsOf(node: PartitionNode): RangeTexts[] {
  const bounds = node.bounds === null ? null : parseBounds(node.bounds);
  if (bounds?.kind !== "range") return [];
  const [from, to] = [bounds.from[0], bounds.to[0]];
  return [{ from: from?.is === "value" ? from.text : null, to: to?.is === "value" ? to.text : null }];
}
