import type { Sql } from "postgres";
import { isEndless } from "../../partition-facts/bound-values.ts";
import { quoteQualified } from "../../quote-sql.ts";
import { counted } from "../../words.ts";
import { freeName } from "../free-name.ts";
import { likeModel } from "../likeness/like-model.ts";
import { allStatements } from "../likeness/new-table.ts";
import { readModel } from "../likeness/read-model.ts";
import type { CreatePartition } from "../steps/create-partition.ts";
import { keepDefaultRowsStep } from "../steps/keep-default-rows.ts";
import type { StepData } from "../types.ts";
import type { Repair } from "./repair.ts";
import { scanMs } from "./scan-ms.ts";

export interface KeepPlan {
  step: StepData;
  /** What the default becomes. */
  table: CreatePartition;
  notes: string[];
}

/** The default becomes the partition of its rows. @returns why it cannot */
export async function keepRows(sql: Sql, repair: Repair): Promise<KeepPlan | { problem: string }> {
  const { parent, fallback, counts, facts, branch, lockTimeoutMs } = repair;
  const [piece, ...more] = counts.pieces;
  const [table] = branch.tables;
  if (!piece || !table || more.length > 0)
    return { problem: `Its rows belong into ${counts.pieces.length} partitions, not into one.` };
  if (counts.more)
    return { problem: `It holds more than ${counted(counts.total, "row")}: not all were counted.` };
  if (counts.withoutKey + counts.outside > 0)
    return { problem: "Some of its rows belong into no other partition." };
  if (fallback.kind !== "r")
    return { problem: "It has partitions of its own, which the new default would lack." };
  if (table.partitionBy)
    return { problem: "The partitions beside it have partitions of their own, which it lacks." };
  if (table.check === null || [piece.range.from, piece.range.to].some(([end]) => !end || isEndless(end)))
    return { problem: "No CHECK says which rows it holds." };
  const byLeaf = facts.publications.filter(({ viaRoot }) => !viaRoot).map(({ name }) => name);
  if (byLeaf.length > 0)
    return {
      problem: `It is published by its own name (${byLeaf.join(", ")}), which subscribers would not find again.`,
    };
  const estimatedMs = scanMs(counts.total, facts.pages);
  if (estimatedMs > lockTimeoutMs)
    return {
      problem: `Reading it under a lock takes about ${Math.ceil(estimatedMs)} ms, and writers may be kept waiting ${lockTimeoutMs} ms.`,
    };
  const model = await readModel(sql, { oid: fallback.oid, parent: parent.oid, root: parent.root });
  if (!model) return { problem: "It was dropped just now." };
  const [names, newDefault] = [
    { schema: parent.schema, name: parent.name },
    { schema: fallback.schema, name: fallback.name },
  ];
  const child = { schema: fallback.schema, name: table.child.name };
  const fresh = {
    ...likeModel(model, "partition", newDefault),
    parent: names,
    bounds: "DEFAULT",
    check: null,
  };
  const step = keepDefaultRowsStep.of({
    parent: names,
    default: newDefault,
    child,
    newDefault,
    bounds: table.bounds,
    check: table.check,
    checkName: freeName("bounds", facts.checkNames),
    create: allStatements(fresh),
    rows: counts.total,
    estimate: { seconds: counts.readSeconds, from: "from counting its rows just now" },
    longestMs: lockTimeoutMs * 10,
  });
  const renamed = `${quoteQualified(newDefault.schema, newDefault.name)} is renamed to ${quoteQualified(child.schema, child.name)}`;
  return {
    step: { ...step, group: child.name },
    table: { ...table, child },
    notes: [
      `The rows stay where they are: ${renamed}${branch.naming?.from === "partitions" ? ", as its siblings are named" : ""}. It keeps its indexes, grants and storage; the new default gets the same and the old name.`,
    ],
  };
}
