"use client";

import { useMemo } from "react";
import { planInput, useOpenPlan } from "@/components/partition-plan/plan-url.ts";
import { useOpenWork } from "@/components/partition-plan/use-open-work.ts";
import { usePlanWork } from "@/components/partition-plan/use-plan-work.ts";
import { useRead } from "@/lib/client/use-read.ts";
import type { PartitionLane } from "@/lib/partitions/types.ts";
import type { TableName } from "./partition-inputs.ts";
import { workOf } from "./strip-work.ts";

interface Tree {
  root: { schema: string; name: string };
  lanes: readonly PartitionLane[];
}

/** The plan of the open drawer that nobody has carried out yet. */
export function useAskedPlan() {
  const [open] = useOpenPlan();
  const asked = open && "request" in open ? open : null;
  const read = useRead(
    "partitionPlan",
    planInput(asked ?? { request: { verb: "create", table: { name: "?" } } }),
    { enabled: asked !== null, polled: false },
  );
  const plan = asked === null || read.previous ? undefined : read.data;
  const table: TableName | null = plan ? { schema: plan.table.schema, root: plan.table.name } : null;
  return { plan, table };
}

/** What the strip shows besides partitions: the plan that is read, else the one that is carried out. */
export function useShownWork(tree: Tree | null | undefined, asked: ReturnType<typeof useAskedPlan>["plan"]) {
  const [open] = useOpenPlan();
  const going = useOpenWork(tree);
  const followed = usePlanWork(open && "job" in open ? open.job : (going?.id ?? null));
  const { work, progress } = followed;
  const drawn = useMemo(() => {
    if (asked) return workOf(asked, null);
    return work && progress ? workOf(work, progress) : null;
  }, [asked, work, progress]);
  return { going, followed, drawn };
}
