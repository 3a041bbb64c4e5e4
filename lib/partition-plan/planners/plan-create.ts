import type { Sql } from "postgres";
import { intervalsAhead } from "../../audit-db/schema/extend-partitions.ts";
import type { PartitionNode } from "../../partition-facts/get-nodes.ts";
import { inSnapshot } from "../../partition-facts/in-snapshot.ts";
import { quoteQualified } from "../../quote-sql.ts";
import { counted } from "../../words.ts";
import type { Line } from "../cut/learn-line.ts";
import { presentOf } from "../cut/present-of.ts";
import { intersect, type KeyRange } from "../cut/uncovered.ts";
import { piecesAhead, piecesBetween } from "../cut/wanted-pieces.ts";
import { windowOf } from "../cut/window-of.ts";
import { type BranchPlan, planBranch } from "../plan-branch.ts";
import type { Planner } from "../planners.ts";
import { refuseNames } from "../refuse-names.ts";
import type { PlanRequest } from "../request.ts";
import { createPartitionStep } from "../steps/create-partition.ts";
import { above, rangesAtOrBelow, readTrees, type Trees } from "../tree.ts";
import type { Draft, Refusal } from "../types.ts";
import { ofTable } from "./of-table.ts";
import { refuseBehindPartman } from "./refuse-behind-partman.ts";

type Request = Extract<PlanRequest, { verb: "create" }>;

/**
 * Partitions ahead, or those of a gap, for a table that is partitioned by ranges and those below it: of a root every
 * branch. Each parent's are steps of their own, so no transaction locks two.
 */
export const planCreate: Planner<"create"> = async ({ audit, now }, request) => {
  const purpose = audit.can("maintenance") ? "maintenance" : "watch";
  // Else a partition that somebody makes meanwhile is missing, and its name is taken.
  const planned = inSnapshot(async (sql): Promise<Draft> => {
    const trees = await readTrees(sql);
    const table = trees.find(request.table);
    const object = quoteQualified(request.table.schema, request.table.name);
    if (!table)
      return refuse(request, { object, outcome: "missing", words: "There is no such partitioned table." });
    const parents = rangesAtOrBelow(trees, table);
    if (parents.length === 0)
      return refuse(request, {
        object,
        outcome: "refused",
        words: "It is not partitioned by ranges: only those can be made ahead.",
      });
    const managed = await refuseBehindPartman(audit, [table, ...above(trees, table), ...parents]);
    const [first] = managed;
    if (first) return refuse(request, first);
    const plans: BranchPlan[] = [];
    for (const parent of parents) plans.push(await planParent(sql, trees, parent, request, now));
    return draft(sql, trees, table, request, parents, plans);
  });
  return audit.use(purpose, "partitions.plan", planned);
};

function planParent(
  sql: Sql,
  trees: Trees,
  parent: PartitionNode,
  request: Request,
  now: Date,
): Promise<BranchPlan> {
  const { between, ahead = intervalsAhead, cut, tablespace } = request;
  return planBranch(sql, trees, parent, {
    cut,
    tablespace,
    async pieces(line, ranges) {
      const window = windowOf(trees, parent, line);
      const within = (pieces: readonly KeyRange[]) =>
        pieces.flatMap((piece) => (window ? (intersect(piece, window) ?? []) : [piece]));
      if (between) {
        const pieces = await piecesBetween(sql, line, ranges, between);
        return "problem" in pieces ? pieces : within(pieces);
      }
      const present = await presentOf(sql, line, ranges, now);
      if (present === null) return [];
      const pieces = await piecesAhead(sql, line, ranges, { now: present, ahead });
      return "problem" in pieces ? pieces : within(pieces);
    },
  });
}

async function draft(
  sql: Sql,
  trees: Trees,
  table: PartitionNode,
  request: Request,
  parents: readonly PartitionNode[],
  plans: readonly BranchPlan[],
): Promise<Draft> {
  const all = plans.flatMap(({ tables }) => tables);
  const names = await refuseNames(sql, all, plans);
  const tables = all.filter(({ child }) => !names.refused.has(quoteQualified(child.schema, child.name)));
  const root = trees.node(table.root) ?? table;
  const line = plans.find((plan) => plan.line)?.line;
  const naming = new Set(plans.flatMap((plan) => (plan.naming ? [plan.naming.template] : [])));
  return {
    table: { schema: root.schema, name: root.name },
    title: `Create ${counted(tables.length, "partition")} of ${quoteQualified(table.schema, table.name)}`,
    steps: tables.map((params) => ofTable(createPartitionStep.of(params), params.child)),
    refusals: [...plans.flatMap(({ refusals }) => refusals), ...names.refusals],
    notes: [...new Set([...lineNotes(plans), ...plans.flatMap(({ notes }) => notes)])],
    request: {
      ...request,
      ...(!request.between && request.ahead === undefined && { ahead: intervalsAhead }),
      ...(line && {
        cut: {
          ...request.cut,
          ...(sameCut(plans) && { unit: line.cut.unit, count: countOf(line), timeZone: line.timeZone }),
          ...(naming.size === 1 && { naming: [...naming][0] }),
          key: line.codec.spec,
        } as NonNullable<Request["cut"]>,
      }),
    },
    witnesses: parents.flatMap((parent) => [
      `${parent.oid} ${parent.bounds ?? ""}`,
      ...trees.children(parent.oid).map(({ oid, bounds }) => `${oid} ${bounds ?? ""}`),
    ]),
  };
}

function refuse(request: Request, refusal: Refusal): Draft {
  const { schema, name } = request.table;
  return {
    table: { schema, name },
    title: `Create partitions of ${quoteQualified(schema, name)}`,
    steps: [],
    refusals: [refusal],
    request,
    witnesses: [],
  };
}

function sameCut(plans: readonly BranchPlan[]): boolean {
  const cuts = plans.flatMap(({ line }) =>
    line ? [`${line.cut.unit} ${line.cut.count} ${line.timeZone}`] : [],
  );
  return new Set(cuts).size === 1;
}

function countOf({ cut }: Line): number | string {
  return cut.count <= 1_000n ? Number(cut.count) : String(cut.count);
}

/** What was learned, for whoever approves it. */
function lineNotes(plans: readonly BranchPlan[]): string[] {
  return plans.flatMap(({ line, naming }) => {
    if (!line || !naming) return [];
    const { unit, count } = line.cut;
    const interval = unit === "number" ? `${count} numbers` : counted(Number(count), unit);
    const clock = unit === "number" ? "" : `, ${line.timeZone}`;
    const from = naming.from === "partitions" ? ", learned from those there are" : "";
    return [`Each takes ${interval} (${line.codec.spec}${clock}) and is named ${naming.template}${from}.`];
  });
}
