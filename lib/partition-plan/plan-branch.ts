import type { Sql } from "postgres";
import type { PartitionNode } from "../partition-facts/get-nodes.ts";
import { quoteQualified } from "../quote-sql.ts";
import { boundsCheck, boundsSql } from "./cut/bounds-sql.ts";
import type { AskedCut, Line } from "./cut/learn-line.ts";
import { type Naming, namePieces, settleNaming } from "./cut/name-piece.ts";
import type { KeyRange, PartitionRange } from "./cut/uncovered.ts";
import { named, wallsOfRanges } from "./cut/walls-of-ranges.ts";
import { besideDefault } from "./default-in-way.ts";
import { learnBranch } from "./learn-branch.ts";
import { innerTables } from "./likeness/inner-tables.ts";
import { findMissingRights, notesOf } from "./likeness/judge-model.ts";
import { likeModel } from "./likeness/like-model.ts";
import { readConditionAbove } from "./likeness/read-condition-above.ts";
import { readModel } from "./likeness/read-model.ts";
import type { CreatePartition } from "./steps/create-partition.ts";
import type { Trees } from "./tree.ts";
import type { Refusal } from "./types.ts";

export interface BranchPlan {
  tables: CreatePartition[];
  refusals: Refusal[];
  notes: string[];
  /** How it is cut and named, where that could be told. */
  line?: Line;
  naming?: Naming;
}

export interface BranchRequest {
  cut: AskedCut | undefined;
  tablespace: string | undefined;
  /** Rows of the default are no hindrance: they go into the new ones. */
  rowsMove?: true;
  /** Which stretches it is to have. */
  pieces(line: Line, ranges: readonly PartitionRange[]): Promise<KeyRange[] | { problem: string }>;
}

/** The partitions that one table is to be given, each like its newest sibling. */
export async function planBranch(
  sql: Sql,
  trees: Trees,
  parent: PartitionNode,
  request: BranchRequest,
): Promise<BranchPlan> {
  const object = quoteQualified(parent.schema, parent.name);
  const refused = (words: string, outcome: Refusal["outcome"] = "refused"): BranchPlan => ({
    tables: [],
    refusals: [{ object, outcome, words }],
    notes: [],
  });
  const branch = await learnBranch(sql, trees, parent, request.cut);
  if ("problem" in branch) return refused(branch.problem, branch.hidden ? "blocked" : "refused");
  const { line, newest, learnedFrom } = branch;
  const pieces = await request.pieces(line, branch.ranges);
  if ("problem" in pieces) return refused(pieces.problem);
  const learnedWalls = await wallsOfRanges(sql, line, branch.learnedRanges);
  const naming = settleNaming(
    request.cut?.naming,
    learnedFrom.name,
    named(branch.learnedRanges, learnedWalls),
    line,
  );
  if ("problem" in naming) return refused(naming.problem);
  const plan: BranchPlan = { tables: [], refusals: [], notes: [], line, naming };
  if (pieces.length === 0) return plan;
  if (newest?.kind === "f")
    return refused("Its partitions are foreign tables, whose servers this console does not change.");
  const of = newest ? "partition" : "parent";
  const like = newest ?? parent;
  const model = await readModel(sql, {
    oid: like.oid,
    parent: newest?.parent ?? parent.oid,
    root: parent.root,
  });
  if (!model) return refused("It was dropped just now.", "missing");
  const missing = findMissingRights(model, of, object);
  if (missing.length > 0) return { ...plan, refusals: missing };
  const conditionAbove = await readConditionAbove(sql, trees, parent);
  const walls = await wallsOfRanges(sql, line, pieces);
  const taken = trees.children(parent.oid).map(({ name }) => name);
  const names = namePieces(naming, parent.name, walls, line, taken);
  // One of another table's is no reason to stand in its schema.
  const schema = newest?.parent === parent.oid ? model.schema : parent.schema;
  for (const [i, range] of pieces.entries()) {
    const wall = walls[i];
    const child = { schema, name: names[i] ?? "" };
    const table = newPartition(parent, range, likeModel(model, of, child), {
      conditionAbove,
      nullable: model.nullable,
    });
    if (newest?.kind === "p" && wall) {
      const siblingWall = learnedWalls[branch.learnedRanges.findIndex(({ node }) => node === newest)] ?? wall;
      const inner = await innerTables(sql, trees, newest, { child, range, line, wall, siblingWall });
      if ("problem" in inner) return refused(inner.problem);
      // Its own would be inherited by name, where those below have theirs.
      Object.assign(table, { inner, check: null });
    }
    plan.tables.push({ ...table, tablespace: request.tablespace ?? table.tablespace });
  }
  if (request.rowsMove) return { ...plan, notes: notesOf(model, of) };
  const judged = await besideDefault(sql, trees, parent, pieces, plan.tables);
  return { ...plan, ...judged, notes: [...notesOf(model, of), ...judged.notes] };
}

function newPartition(
  parent: PartitionNode,
  range: KeyRange,
  table: ReturnType<typeof likeModel>,
  { conditionAbove, nullable }: { conditionAbove: string | null; nullable: readonly string[] },
): CreatePartition {
  const own = boundsCheck(
    parent,
    range,
    (parent.key ?? []).map(({ name }) => name === null || nullable.includes(name)),
  );
  return {
    ...table,
    parent: { schema: parent.schema, name: parent.name },
    bounds: boundsSql(range, parent.key?.length ?? 1),
    check: own && [conditionAbove, own].filter((part) => part !== null).join(" AND "),
  };
}
