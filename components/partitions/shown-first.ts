import type { Finding } from "@/lib/evaluation/finding.ts";
import type { PartitionLane } from "@/lib/partitions/types.ts";
import { qualify } from "./partition-inputs.ts";

export interface Tree {
  root: { schema: string; name: string };
  lanes: readonly Pick<PartitionLane, "schema" | "name" | "cells">[];
}

/**
 * What is found of the table that is shown before what is found of others; each in the order they had. What could not be
 * judged is nobody's first.
 */
export function shownFirst(findings: readonly Finding[], tree: Tree | null | undefined): Finding[] {
  if (!tree) return [...findings];
  const own = new Set([tree.root, ...tree.lanes, ...tree.lanes.flatMap(({ cells }) => cells)].map(qualify));
  const isOwn = ({ object, unavailable }: Finding) =>
    object.kind === "relation" && !unavailable && own.has(qualify(object));
  return [...findings.filter(isOwn), ...findings.filter((finding) => !isOwn(finding))];
}
