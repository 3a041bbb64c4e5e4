"use client";

import { useRead } from "@/lib/client/use-read.ts";
import type { PlanRequest } from "@/lib/partition-plan/request.ts";
import type { OpenWork } from "@/lib/partitions/get-work.ts";
import type { PartitionLane } from "@/lib/partitions/types.ts";
import { nameRelation, quoteQualified } from "@/lib/quote-sql.ts";

interface Tree {
  root: { schema: string; name: string };
  lanes: readonly PartitionLane[];
}

/** Work that goes on, or waits, on the shown table: whoever has the page open sees it. */
export function useOpenWork(tree: Tree | null | undefined): OpenWork | null {
  const { data } = useRead("partitionWorks", {});
  if (!tree || !data) return null;
  const names = namesOf(tree);
  const own = data.filter(({ request, object }) =>
    request
      ? relationsOf(request).some((each) => names.has(nameOf(each)))
      : object !== null && names.has(object),
  );
  return own.find(({ state }) => state === "running") ?? own[0] ?? null;
}

const nameOf = ({ schema, name }: { schema: string; name: string }) => quoteQualified(schema, name);

function namesOf({ root, lanes }: Tree): Set<string> {
  const tables = [root, ...lanes, ...lanes.flatMap(({ cells }) => cells)];
  return new Set([...tables.map(nameOf), ...tables.map(nameRelation)]);
}

function relationsOf(request: PlanRequest) {
  if (request.verb === "maintain") return request.relations;
  return [
    ...("table" in request ? [request.table] : []),
    ...("partition" in request ? [request.partition] : []),
  ];
}
