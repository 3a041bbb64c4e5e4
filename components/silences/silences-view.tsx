"use client";

import { BellOff, Plus } from "lucide-react";
import { parseAsString } from "nuqs";
import { useState } from "react";
import { Panel } from "@/components/panel/panel.tsx";
import { useConsole } from "@/components/shell/console-context.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Choice } from "@/components/ui/choice.tsx";
import { DataTable } from "@/components/ui/data-table.tsx";
import { EmptyState } from "@/components/ui/empty-state.tsx";
import { neighbours } from "@/components/ui/sheet.tsx";
import { useOpenSheet } from "@/components/ui/use-open-sheet.ts";
import { roleReaches } from "@/lib/client/roles.ts";
import { useRead } from "@/lib/client/use-read.ts";
import { useTarget } from "@/lib/client/use-target.ts";
import { DeadManLine } from "./dead-man-line.tsx";
import { silenceColumns } from "./silence-columns.tsx";
import { SilenceDialog } from "./silence-dialog.tsx";
import { SilenceSheet } from "./silence-sheet.tsx";
import { WindowsPanel } from "./windows-panel.tsx";

type Shown = "current" | "expired";

/** What nobody is told about: silences, windows, and whether somebody outside hears when the console is dead. */
export function SilencesView() {
  const target = useTarget();
  const { person } = useConsole();
  const operates = roleReaches(person.role, "operator");
  const read = useRead("silences", { target });
  const [shown, setShown] = useState<Shown>("current");
  const [openId, setOpenId] = useOpenSheet("silence", parseAsString);
  const [creating, setCreating] = useState(false);
  const all = read.data?.silences ?? [];
  const rows = all.filter(({ state }) => (state === "expired") === (shown === "expired"));
  const open = all.find(({ id }) => id === openId) ?? null;
  const counts = read.data?.counts;
  return (
    <div className="grid gap-4">
      <Panel
        id="silences"
        title="Silences"
        read={read}
        height={200}
        flush
        info={{
          what: "While a silence lasts nobody is told of the alerts it means; they stay in the inbox, marked. What fires on when it ends is told then. What watches integrity, guards and grants is told all the same, unless two administrators agreed otherwise for a day at most.",
        }}
        actions={
          <>
            <Choice
              label="Which silences"
              value={shown}
              onChange={setShown}
              choices={[
                ["current", "Current", counts && counts.active + counts.pending],
                ["expired", "Ended", counts?.expired],
              ]}
            />
            {operates && (
              <Button size="sm" variant="primary" icon={<Plus />} onClick={() => setCreating(true)}>
                New silence
              </Button>
            )}
          </>
        }
      >
        {() =>
          rows.length === 0 ? (
            <EmptyState
              icon={<BellOff />}
              title={
                shown === "expired" ? "No silence has ended yet" : "No silence: everything that fires is told"
              }
              className="min-h-50"
            >
              {shown === "expired" ? null : "Silence what is known and worked on, with a reason and an end."}
            </EmptyState>
          ) : (
            <DataTable
              id="silences"
              label="Silences"
              rows={rows}
              columns={silenceColumns}
              rowKey={({ id }) => id}
              rowHeight={44}
              onRowClick={({ id }) => setOpenId(id)}
              selectedKey={openId}
              toolbar={rows.length > 8}
            />
          )
        }
      </Panel>
      <WindowsPanel />
      <DeadManLine />
      <SilenceSheet
        silence={open}
        onClose={() => setOpenId(null)}
        {...neighbours(
          rows,
          ({ id }) => id === openId,
          ({ id }) => setOpenId(id),
        )}
      />
      {creating && <SilenceDialog onClose={() => setCreating(false)} />}
    </div>
  );
}
