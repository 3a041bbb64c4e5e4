import type { AskedPlan } from "@/components/partition-plan/plan-url.ts";
import type { PartitionRow } from "@/lib/partitions/types.ts";

type Which = Pick<PartitionRow, "schema" | "name" | "isDefault" | "detachPending">;

export interface PartitionVerb {
  label: string;
  request: AskedPlan;
}

const relation = ({ schema, name }: { schema: string; name: string }) => ({ schema, name });

/** Work that is done to one or many; none of it changes what rows the table has. */
const maintenanceWork = ["vacuum", "freeze", "analyze", "reindex"] as const;

const maintenanceWords: Record<(typeof maintenanceWork)[number], string> = {
  vacuum: "Vacuum",
  freeze: "Freeze",
  analyze: "Analyze",
  reindex: "Reindex",
};

/** Maintenance of these relations, as buttons name it. */
export function maintenanceVerbs(relations: readonly { schema: string; name: string }[]): PartitionVerb[] {
  return maintenanceWork.map((work) => ({
    label: maintenanceWords[work],
    request: { verb: "maintain", work, relations: relations.map(relation) },
  }));
}

/** What changes a partition's place in its table: one verb, by what it is now. */
export function structuralVerb(row: Which): PartitionVerb {
  const partition = relation(row);
  if (row.detachPending) return { label: "Finish the detach", request: { verb: "finalize", partition } };
  if (row.isDefault) return { label: "Move its rows to partitions", request: { verb: "repair", partition } };
  return { label: "Detach", request: { verb: "detach", partition } };
}
