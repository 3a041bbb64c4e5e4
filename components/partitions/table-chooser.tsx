"use client";

import { Select } from "@/components/ui/select.tsx";
import { formatBytes } from "@/lib/client/format.ts";
import { useRead } from "@/lib/client/use-read.ts";
import { nameRelation } from "@/lib/quote-sql.ts";
import { qualify } from "./partition-inputs.ts";
import { useChosenTable, useStripZoom } from "./use-partition-url.ts";

/** Which partitioned table is shown, the largest first; its name alone when there is only one. */
export function TableChooser({ shown }: { shown: { schema: string; name: string } | null }) {
  const trees = useRead("partitionTrees", {});
  const { choose } = useChosenTable();
  const { setZoom } = useStripZoom();
  if (!shown) return null;
  const value = qualify(shown);
  if ((trees.data?.length ?? 0) < 2)
    return <span className="truncate px-1 font-mono text-xs text-muted">{nameRelation(shown)}</span>;
  return (
    <Select
      label="Partitioned table"
      size="sm"
      value={value}
      onChange={(next) => {
        setZoom(null);
        void choose(next);
      }}
      options={(trees.data ?? []).map((tree) => {
        const name = qualify(tree);
        const size = tree.totalBytes === null ? "" : ` · ${formatBytes(tree.totalBytes)}`;
        return [name, name === value ? name : `${name} · ${tree.leaves} partitions${size}`] as const;
      })}
    />
  );
}
