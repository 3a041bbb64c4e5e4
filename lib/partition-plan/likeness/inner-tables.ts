import type { Sql } from "postgres";
import { renderName } from "../../audit-db/schema/name-template.ts";
import type { PartitionNode } from "../../partition-facts/get-nodes.ts";
import { continuesKey } from "../../partition-facts/key-line.ts";
import { boundsCheck, boundsSql } from "../cut/bounds-sql.ts";
import type { Stretch } from "../cut/learn-cut.ts";
import { finiteStretches, type Line, learnLine } from "../cut/learn-line.ts";
import { readsAs } from "../cut/learn-name.ts";
import { namePieces, settleNaming } from "../cut/name-piece.ts";
import { type KeyRange, rangesOf } from "../cut/uncovered.ts";
import { named, wallsOfRanges } from "../cut/walls-of-ranges.ts";
import { cutGap } from "../cut/wanted-pieces.ts";
import type { Trees } from "../tree.ts";
import { likeModel } from "./like-model.ts";
import type { NewTable, Relation } from "./new-table.ts";
import { readModel } from "./read-model.ts";

export interface Whole {
  child: Relation;
  range: KeyRange;
  line: Line;
  /** The range on the wall clock. */
  wall: Stretch;
  /** The sibling's. */
  siblingWall: Stretch;
}

/**
 * The partitions of a new partition, like those of its sibling: the same values, remainders and ranges of other keys; of
 * the same key the new range cut as the sibling's is.
 * @returns a problem in words where they cannot be made like that
 */
export async function innerTables(
  sql: Sql,
  trees: Trees,
  sibling: PartitionNode,
  whole: Whole,
): Promise<NewTable[] | { problem: string }> {
  const below = trees.children(sibling.oid);
  const above = sibling.parent === null ? undefined : trees.node(sibling.parent);
  const tables: NewTable[] = [];
  const sameKey = sibling.strategy === "range" && above !== undefined && continuesKey(sibling, above);
  if (sameKey) {
    const cut = await cutAlike(sql, trees, sibling, whole);
    if ("problem" in cut) return cut;
    tables.push(...cut);
  }
  for (const [i, node] of below.entries()) {
    if (sameKey && !node.isDefault) continue;
    if (node.kind === "f")
      return { problem: `${node.name} is a foreign table, whose server this console does not change.` };
    if (node.bounds === null)
      return { problem: `The bounds of ${node.name} cannot be read just now: its table is locked.` };
    const model = await readModel(sql, { oid: node.oid, parent: sibling.oid, root: sibling.root });
    if (!model) return { problem: `${node.name} was dropped just now.` };
    const child = { schema: node.schema, name: innerName(sibling, node, whole, i) };
    const inner = node.kind === "p" ? await innerTables(sql, trees, node, { ...whole, child }) : [];
    if ("problem" in inner) return inner;
    tables.push({
      ...likeModel(model, "partition", child),
      parent: whole.child,
      bounds: node.bounds.replace(/^FOR VALUES /, ""),
      check: null,
      inner,
    });
  }
  return tables;
}

async function cutAlike(
  sql: Sql,
  trees: Trees,
  sibling: PartitionNode,
  whole: Whole,
): Promise<NewTable[] | { problem: string }> {
  const { codec, timeZone } = whole.line;
  const ranges = rangesOf(sibling, trees.children(sibling.oid), codec);
  if ("problem" in ranges) return ranges;
  const newest = ranges.findLast(({ node }) => node.kind === "r" && !node.detachPending)?.node;
  const model =
    newest && (await readModel(sql, { oid: newest.oid, parent: sibling.oid, root: sibling.root }));
  if (!newest || !model)
    return { problem: `${sibling.name} has no partition that those of a new one could be like.` };
  const zone = codec.line === "number" ? undefined : { timeZone, count: 1 };
  const line = await learnLine(sql, codec, finiteStretches(ranges), zone);
  if ("problem" in line) return { problem: `The partitions of ${sibling.name}: ${line.problem}` };
  const naming = settleNaming(
    undefined,
    sibling.name,
    named(ranges, await wallsOfRanges(sql, line, ranges)),
    line,
  );
  if ("problem" in naming) return naming;
  const pieces = await cutGap(sql, line, whole.range);
  if ("problem" in pieces) return pieces;
  const walls = await wallsOfRanges(sql, line, pieces);
  const names = namePieces(naming, whole.child.name, walls, line, []);
  return pieces.map((range, i) => {
    const child = { schema: newest.schema, name: names[i] ?? "" };
    const nullable = (sibling.key ?? []).map(({ name }) => name === null || model.nullable.includes(name));
    return {
      ...likeModel(model, "partition", child),
      parent: whole.child,
      bounds: boundsSql(range, sibling.key?.length ?? 1),
      check: boundsCheck(sibling, range, nullable),
    };
  });
}

/** As the sibling's is called after the sibling, or after its range; else the new one's name with a number. */
function innerName(
  sibling: PartitionNode,
  node: PartitionNode,
  { child, line, wall, siblingWall }: Whole,
  index: number,
): string {
  if (node.name.includes(sibling.name)) return node.name.replace(sibling.name, child.name);
  const template = readsAs(sibling.name, { name: node.name, ...siblingWall }, line.codec.line !== "number");
  return template === null
    ? `${child.name}_${index + 1}`
    : renderName(template, { table: child.name, ...wall });
}
