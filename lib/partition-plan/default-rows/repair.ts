import type { PartitionNode } from "../../partition-facts/get-nodes.ts";
import type { BranchPlan } from "../plan-branch.ts";
import type { PlanRequest } from "../request.ts";
import type { Trees } from "../tree.ts";
import type { DefaultRows } from "./count-default-rows.ts";
import type { DefaultFacts } from "./read-facts.ts";

export type RepairRequest = Extract<PlanRequest, { verb: "repair" }>;

/** Everything that the two ways rest on. */
export interface Repair {
  request: RepairRequest;
  trees: Trees;
  parent: PartitionNode;
  fallback: PartitionNode;
  facts: DefaultFacts;
  counts: DefaultRows;
  /** The new partitions, in the order of the counts. */
  branch: BranchPlan;
  lockTimeoutMs: number;
}
