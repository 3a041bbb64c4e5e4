"use client";

import { parseAsBoolean, parseAsString, useQueryState } from "nuqs";
import { useMemo } from "react";
import { Panel } from "@/components/panel/panel.tsx";
import { Switch } from "@/components/ui/checkbox.tsx";
import { DataTable } from "@/components/ui/data-table.tsx";
import { Tabs, useTab } from "@/components/ui/tabs.tsx";
import { useOpenSheet } from "@/components/ui/use-open-sheet.ts";
import { useRead } from "@/lib/client/use-read.ts";
import { defaultRelationSort, relationKinds, relationsInput } from "./cache-inputs.ts";
import { allHits, allReads, relationColumns, relationKey } from "./relation-columns.tsx";
import { RelationSheet } from "./relation-sheet.tsx";

/** Which table or index reads the most past shared_buffers. */
export function RelationsPanel() {
  const [kind] = useTab("relations", relationKinds);
  const [sort] = useQueryState("relations-sort", parseAsString);
  const [each, setEach] = useQueryState("each", parseAsBoolean.withDefault(false));
  const [open, setOpen] = useOpenSheet("relation", parseAsString);
  const read = useRead("relationCacheHits", relationsInput(kind, { sort, each }));
  const rows = read.data?.rows;
  const most = useMemo(
    () => rows?.reduce((m, row) => Math.max(m, allHits(row) + allReads(row)), 0) ?? 0,
    [rows],
  );
  const columns = useMemo(() => relationColumns(kind, most), [kind, most]);
  return (
    <Panel
      id="relations"
      title="Tables and indexes"
      unit="blocks since the counters began"
      read={read}
      height={220}
      flush
      info={{
        what: "Blocks found in shared_buffers and read past it, per table (with its indexes and TOAST) or per index, since the server's counters began. Partitions are added up under their table unless shown one by one. Sizes are as of the last vacuum or analyze.",
        sql: "select relid::regclass, heap_blks_hit, heap_blks_read, idx_blks_hit, idx_blks_read,\n  toast_blks_hit, toast_blks_read, tidx_blks_hit, tidx_blks_read\nfrom pg_statio_all_tables order by heap_blks_read desc;",
      }}
    >
      {({ rows: shown, total }) => (
        <Tabs
          param="relations"
          label="Kind"
          tabs={[
            ["table", "Tables"],
            ["index", "Indexes"],
          ]}
          actions={
            <span className="pr-4 text-sm">
              <Switch
                label="Partitions one by one"
                checked={each}
                onChange={(next) => void setEach(next || null)}
              />
            </span>
          }
        >
          {(tab) => (
            <>
              <DataTable
                id="relations"
                label={tab === "table" ? "Tables" : "Indexes"}
                rows={shown}
                columns={columns}
                rowKey={relationKey}
                defaultSort={defaultRelationSort}
                onRowClick={(row) => setOpen(relationKey(row))}
                selectedKey={open}
                maxHeight={480}
                actions={
                  total > shown.length && (
                    <span className="text-xs text-faint">the first of {total} in this order</span>
                  )
                }
              />
              <RelationSheet
                rows={shown}
                open={open}
                onOpen={(key) => setOpen(key)}
                total={total}
                onSplit={each ? undefined : () => void setEach(true)}
              />
            </>
          )}
        </Tabs>
      )}
    </Panel>
  );
}
