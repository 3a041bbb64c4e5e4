"use client";

import { useState } from "react";
import { PlanDrawer } from "@/components/partition-plan/plan-drawer.tsx";
import { useOpenPlan } from "@/components/partition-plan/plan-url.ts";
import { UpkeepPanel } from "@/components/partition-upkeep/upkeep-panel.tsx";
import { neighbours } from "@/components/ui/sheet.tsx";
import { useRead } from "@/lib/client/use-read.ts";
import { lanesInput, qualify } from "./partition-inputs.ts";
import { PartitionSheet } from "./partition-sheet.tsx";
import { PartitionTable } from "./partition-table.tsx";
import { PartitionVerdict } from "./partition-verdict.tsx";
import { StripPanel } from "./strip-panel.tsx";
import { useChosenTable, useOpenPartition } from "./use-partition-url.ts";
import { useAskedPlan, useShownWork } from "./use-shown-work.ts";

interface Named {
  schema: string;
  name: string;
}

/** "Is there a place for every event?": the verdict, the strip, the table, and a sheet for each partition. */
export function PartitionsView() {
  const { table } = useChosenTable();
  const asked = useAskedPlan();
  const chosen = table ?? asked.table;
  const lanes = useRead("partitionLanes", lanesInput(chosen));
  const { going, followed, drawn } = useShownWork(lanes.data, asked.plan);
  const [openPlan] = useOpenPlan();
  const [openName, setOpenName] = useOpenPartition();
  // ← and → follow the order of where it was opened: the table's rows, else its lane.
  const [order, setOrder] = useState<readonly Named[] | null>(null);
  const root = lanes.data?.root;
  const shown = chosen ?? (root ? { schema: root.schema, root: root.name } : null);
  const lane = lanes.data?.lanes.find((each) => each.cells.some((cell) => qualify(cell) === openName));
  const row = neighbours<Named>(
    order ?? lane?.cells ?? [],
    (each) => qualify(each) === openName,
    (each) => setOpenName(qualify(each)),
  );

  function open(which: Named, rows: readonly Named[] | null) {
    setOrder(rows);
    setOpenName(qualify(which));
  }

  return (
    <div className="grid min-w-0 gap-4">
      <PartitionVerdict tree={lanes.data} />
      <StripPanel
        read={lanes}
        openName={openName}
        onOpen={(cell) => open(cell, null)}
        work={drawn}
        going={
          going && { work: going, progress: going.id === followed.work?.id ? followed.progress : undefined }
        }
      />
      <UpkeepPanel tree={lanes.data} />
      <PartitionTable table={shown} openName={openName} onOpen={open} />
      <PartitionSheet name={openName} onClose={() => setOpenName(null)} {...(!openPlan && row)} />
      <PlanDrawer followed={followed} />
    </div>
  );
}
