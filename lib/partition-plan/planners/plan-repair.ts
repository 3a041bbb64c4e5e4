import type { Sql } from "postgres";
import { quoteIdentifier, quoteQualified } from "../../quote-sql.ts";
import { counted } from "../../words.ts";
import { countDefaultRows, type DefaultRows } from "../default-rows/count-default-rows.ts";
import { findCopies } from "../default-rows/find-copies.ts";
import { whyNotMoved, whyNotRepaired } from "../default-rows/judge-default.ts";
import { keepRows } from "../default-rows/keep-rows.ts";
import { moveRows, removeCopies } from "../default-rows/move-rows.ts";
import { readDefaultFacts } from "../default-rows/read-facts.ts";
import type { Repair, RepairRequest } from "../default-rows/repair.ts";
import { tellCounts } from "../default-rows/tell-counts.ts";
import type { NewTable } from "../likeness/new-table.ts";
import { type BranchPlan, planBranch } from "../plan-branch.ts";
import type { Planner } from "../planners.ts";
import { readOwner } from "../read-owner.ts";
import { refuseNames } from "../refuse-names.ts";
import { readTrees } from "../tree.ts";
import type { Draft, Refusal } from "../types.ts";
import { refuseBehindPartman } from "./refuse-behind-partman.ts";

/**
 * Rows of a default partition get partitions of their own. They stay where they are, and the default becomes their
 * partition, where all of them belong into one and reading it under a lock takes no longer than was approved; else they move.
 */
export const planRepair: Planner<"repair"> = async ({ audit, lockTimeoutMs, mostPages }, request) => {
  const { schema, name } = request.partition;
  const object = quoteQualified(schema, name);
  const trees = await audit.use("watch", "partitions.plan", readTrees);
  const fallback = trees.find(request.partition);
  const parent = fallback?.parent == null ? undefined : trees.node(fallback.parent);
  const root = fallback && trees.node(fallback.root);
  const none = (refusals: Refusal[], notes: string[] = []): Draft => ({
    table: root ? { schema: root.schema, name: root.name } : request.partition,
    title: `Repair ${object}`,
    steps: [],
    refusals,
    notes,
    request,
    witnesses: [],
  });
  const refused = (words: string, outcome: Refusal["outcome"] = "refused") =>
    none([{ object, outcome, words }]);
  if (!fallback) return refused("There is no such partition.", "missing");
  if (!parent || !fallback.isDefault)
    return refused("It is not a default partition: only those hold rows that no other takes.");
  if (parent.strategy !== "range")
    return refused(
      `${quoteQualified(parent.schema, parent.name)} is not partitioned by ranges: which of the rows belong together, its key does not tell.`,
    );
  const [partman] = await refuseBehindPartman(audit, [parent, ...(root ? [root] : [])]);
  if (partman) return none([partman]);
  const facts = await audit.use("watch", "partitions.plan", (sql) =>
    readDefaultFacts(sql, fallback.oid, parent.oid),
  );
  const why = whyNotRepaired(trees, fallback, facts);
  if (why !== null) return refused(why);
  const { runsAs } = await readOwner(audit, none([]).table);
  // makePlan adds the refusal that says what to grant.
  if (runsAs === null) return none([]);
  return audit.use("maintenance", "partitions.plan", async (sql) => {
    let counts: DefaultRows | { problem: string } | undefined;
    const branch = await planBranch(sql, trees, parent, {
      cut: request.cut,
      tablespace: undefined,
      rowsMove: true,
      async pieces(line, ranges) {
        const pages = facts.heap ? facts.pages : null;
        counts = await countDefaultRows(sql, {
          ...{ trees, parent, fallback, line, ranges, runsAs, pages, mostPages },
        });
        return "problem" in counts ? counts : counts.pieces.map(({ range }) => range);
      },
    });
    if (!counts || "problem" in counts || branch.refusals.length > 0) return none(branch.refusals);
    const repair = { request, trees, parent, fallback, facts, counts, branch, lockTimeoutMs };
    const notes = tellCounts(repair);
    if (counts.pieces.length === 0) {
      const copies = await findCopies(sql, fallback);
      return { ...none([], notes), steps: copies.map((copy) => removeCopies(repair, copy)) };
    }
    return { ...none([], notes), ...(await planWay(sql, repair, notes)) };
  });
};

type Way = Pick<Draft, "title" | "steps" | "refusals" | "notes" | "request" | "witnesses">;

async function planWay(sql: Sql, repair: Repair, notes: string[]): Promise<Way> {
  const { request, trees, parent, fallback, facts, branch } = repair;
  const object = quoteQualified(fallback.schema, fallback.name);
  const keep = await keepRows(sql, repair);
  const how = request.how ?? ("problem" in keep ? "rows move" : "rows stay");
  const way: Way = {
    title: titleOf(repair, how),
    steps: [],
    refusals: [],
    notes,
    request: { ...request, how, ...filledCut(request, branch) },
    witnesses: [fallback, parent, ...trees.children(parent.oid)].map(
      ({ oid, bounds }) => `${oid} ${bounds ?? ""}`,
    ),
  };
  const refuse = (words: string): Way => ({ ...way, refusals: [{ object, outcome: "refused", words }] });
  const copies = await findCopies(sql, fallback);
  const left = new Set(copies.map(({ schema, name }) => quoteQualified(schema, name)));
  const namesOf = (tables: readonly NewTable[]) =>
    refuseNames(
      sql,
      tables.filter(({ child }) => !left.has(quoteQualified(child.schema, child.name))),
      [branch],
    );
  if (how === "rows stay") {
    if ("problem" in keep) return refuse(keep.problem);
    const { refusals } = await namesOf([{ ...keep.table, inner: [] }]);
    if (refusals.length > 0) return { ...way, refusals };
    const removed = copies.map((copy) => removeCopies(repair, copy));
    return { ...way, steps: [...removed, keep.step], notes: [...notes, ...keep.notes] };
  }
  const why = whyNotMoved(facts);
  if (why !== null)
    return refuse(
      request.how || !("problem" in keep) ? why : `${why} They cannot stay either: ${keep.problem}`,
    );
  const { refusals } = await namesOf(branch.tables);
  if (refusals.length > 0) return { ...way, refusals };
  const moved = moveRows(repair, copies);
  return { ...way, steps: moved.steps, notes: [...notes, ...moved.notes] };
}

function titleOf({ fallback, counts, branch }: Repair, how: string): string {
  const sum = counts.pieces.reduce((all, piece) => all + piece.rows, 0);
  const rows = `${counts.more ? "more than " : ""}${counted(sum, "row")}`;
  const name = quoteIdentifier(fallback.name);
  return how === "rows stay"
    ? `Make ${name} the partition of its ${rows}`
    : `Move ${rows} of ${name} into ${counted(branch.tables.length, "partition")}`;
}

/** What was learned, so that it is planned the same when it is carried out. */
function filledCut({ cut }: RepairRequest, { line, naming }: BranchPlan): Pick<RepairRequest, "cut"> {
  if (!line || !naming) return {};
  const { unit, count } = line.cut;
  return {
    cut: {
      ...cut,
      unit,
      count: count <= 1_000n ? Number(count) : String(count),
      timeZone: line.timeZone,
      naming: naming.template,
      key: line.codec.spec,
    },
  };
}
