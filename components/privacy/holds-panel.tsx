"use client";

import { Gavel, Plus } from "lucide-react";
import { parseAsString } from "nuqs";
import { useState } from "react";
import { Panel } from "@/components/panel/panel.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Choice } from "@/components/ui/choice.tsx";
import { DataTable } from "@/components/ui/data-table.tsx";
import { EmptyState } from "@/components/ui/empty-state.tsx";
import { neighbours } from "@/components/ui/sheet.tsx";
import { useOpenSheet } from "@/components/ui/use-open-sheet.ts";
import { useRead } from "@/lib/client/use-read.ts";
import { holdColumns } from "./hold-columns.tsx";
import { HoldDialog } from "./hold-dialog.tsx";
import { HoldSheet } from "./hold-sheet.tsx";
import { privacyInputs } from "./privacy-input.ts";

type Shown = "standing" | "released";

/** Cases for which nothing they cover may be destroyed. */
export function HoldsPanel() {
  const [shown, setShown] = useState<Shown>(privacyInputs.holds.state);
  const [openId, setOpenId] = useOpenSheet("hold", parseAsString);
  const [placing, setPlacing] = useState(false);
  const read = useRead("holds", { state: shown }, { target: "" });
  const counts = useRead("holdCounts", {}, { target: "" }).data;
  const rows = read.data ?? [];
  const open = rows.find(({ id }) => id === openId) ?? null;
  return (
    <>
      <Panel
        id="holds"
        title="Legal holds"
        read={read}
        height={160}
        flush
        info={{
          what: "While a hold stands, nothing that it covers is destroyed: neither a key under which such an event stands nor a value in it. Whoever destroys passes a gate that placing a hold closes; what it kept back goes on by itself once it is released.",
        }}
        actions={
          <>
            <Choice
              label="Which holds"
              value={shown}
              onChange={setShown}
              choices={[
                ["standing", "In force", counts && counts.placing + counts.in_force],
                ["released", "Released", counts?.released],
              ]}
            />
            <Button size="sm" variant="primary" icon={<Plus />} onClick={() => setPlacing(true)}>
              Place a hold
            </Button>
          </>
        }
      >
        {(holds) =>
          holds.length === 0 ? (
            <EmptyState
              icon={<Gavel />}
              title={shown === "released" ? "No hold was released yet" : "No legal hold is in force"}
              className="min-h-40"
            >
              {shown === "standing" && (
                <p>
                  Place one when a dispute or an authority demands that events are kept as they are. Nothing
                  it covers is destroyed until a second person releases it.
                </p>
              )}
            </EmptyState>
          ) : (
            <DataTable
              id="holds"
              label="Legal holds"
              rows={holds}
              columns={holdColumns}
              rowKey={({ id }) => id}
              rowHeight={44}
              onRowClick={({ id }) => setOpenId(id)}
              selectedKey={openId}
              toolbar={holds.length > 8}
            />
          )
        }
      </Panel>
      <HoldSheet
        hold={open}
        onClose={() => setOpenId(null)}
        {...neighbours(
          rows,
          ({ id }) => id === openId,
          ({ id }) => setOpenId(id),
        )}
      />
      {placing && <HoldDialog onClose={() => setPlacing(false)} />}
    </>
  );
}
