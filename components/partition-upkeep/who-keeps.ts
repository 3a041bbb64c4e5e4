import type { PartmanOverview } from "@/lib/partitions/get-partman.ts";
import type { PartitionLane } from "@/lib/partitions/types.ts";
import { quoteQualified } from "@/lib/quote-sql.ts";
import type { Observed } from "@/lib/result.ts";
import type { Upkeep } from "@/lib/upkeep/get-upkeep.ts";

export interface Tree {
  root: { schema: string; name: string };
  lanes: readonly Pick<PartitionLane, "schema" | "name" | "strategy">[];
}

interface Keepers {
  /** Tables of the tree that pg_partman knows. */
  managed: PartmanOverview[];
  /** Rules of the console for the tree. */
  own: Upkeep[];
  /**
   * Whether nobody makes its partitions: `surely`; `hidden` or `unanswered` where pg_partman may, which could not be
   * read; null where somebody does.
   */
  nobody: "surely" | "asking" | "hidden" | "unanswered" | "without ranges" | null;
}

/**
 * Who makes a tree's partitions ahead.
 * @param partman the answer about pg_partman; undefined while there is none
 * @param failed whether it could not be asked
 */
export function whoKeeps(
  tree: Tree,
  rules: readonly Upkeep[],
  partman: Observed<PartmanOverview[]> | undefined,
  failed: boolean,
): Keepers {
  const names = new Set([tree.root, ...tree.lanes].map(qualifyTable));
  const own = rules.filter(({ table }) => names.has(qualifyTable(table)));
  const managed = (partman?.data ?? []).filter((table) => names.has(qualifyTable(table)));
  return { managed, own, nobody: nobodyOf() };

  function nobodyOf(): Keepers["nobody"] {
    if (own.length > 0 || managed.some(({ automatic }) => automatic !== "off")) return null;
    if (!tree.lanes.some(({ strategy }) => strategy === "range")) return "without ranges";
    if (!partman) return failed ? "unanswered" : "asking";
    return partman.unavailable ? "hidden" : "surely";
  }
}

export const qualifyTable = ({ schema, name }: { schema: string; name: string }) =>
  quoteQualified(schema, name);
