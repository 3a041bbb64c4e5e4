"use client";

import { Ellipsis } from "lucide-react";
import { useState } from "react";
import { useOpenPlan } from "@/components/partition-plan/plan-url.ts";
import { useConsole } from "@/components/shell/console-context.tsx";
import { Button, IconButton } from "@/components/ui/button.tsx";
import { ConfirmDialog } from "@/components/ui/confirm-dialog.tsx";
import { DropdownMenu, MenuItem, MenuSeparator } from "@/components/ui/dropdown-menu.tsx";
import { errorWords } from "@/lib/client/error-words.ts";
import { roleReaches } from "@/lib/client/roles.ts";
import { useAdminAction } from "@/lib/client/use-admin-action.ts";
import { useTarget } from "@/lib/client/use-target.ts";
import { nameRelation } from "@/lib/quote-sql.ts";
import type { Upkeep } from "@/lib/upkeep/get-upkeep.ts";
import { UpkeepEditor } from "./upkeep-editor.tsx";
import { UpkeepPreview } from "./upkeep-preview.tsx";

/** Approve what is proposed; run, change, pause or remove what is approved. */
export function UpkeepActions({ rule }: { rule: Upkeep }) {
  const { person } = useConsole();
  const target = useTarget();
  const [, show] = useOpenPlan();
  const [asking, setAsking] = useState<"edit" | "approve" | "remove" | null>(null);
  const { schema, name } = rule.table;
  const table = { schema, name };
  const called = nameRelation(table);
  const quiet = { toastErrors: false } as const;
  const approve = useAdminAction("approveUpkeep", { done: `Upkeep of ${called} is on`, ...quiet });
  const remove = useAdminAction("removeUpkeep", { done: `Upkeep of ${called} removed`, ...quiet });
  const pause = useAdminAction("pauseUpkeep", { done: `Upkeep of ${called} paused` });
  const resume = useAdminAction("resumeUpkeep", { done: `Upkeep of ${called} is on again` });
  const begin = useAdminAction("runUpkeep", { onDone: (_data, job) => job && show({ job }) });
  const proposed = rule.state === "proposed";
  if (!roleReaches(person.role, "operator"))
    return (
      <p className="max-w-44 text-sm text-muted">
        {proposed ? "An operator approves it." : "Operators change it."}
      </p>
    );
  const close = (open: boolean) => !open && setAsking(null);
  return (
    <span className="flex items-center gap-2">
      {proposed ? (
        <Button variant="primary" size="sm" onClick={() => setAsking("approve")}>
          Approve upkeep
        </Button>
      ) : (
        <Button size="sm" pending={begin.pending} onClick={() => void begin.run({ target, table })}>
          Run now
        </Button>
      )}
      <DropdownMenu
        label={`Upkeep of ${called}`}
        trigger={
          <IconButton label={`Upkeep of ${called}`} size="sm">
            <Ellipsis />
          </IconButton>
        }
      >
        <MenuItem onSelect={() => setAsking("edit")}>Change</MenuItem>
        {!proposed && (
          <MenuItem onSelect={() => void (rule.on ? pause : resume).run({ target, table })}>
            {rule.on ? "Pause" : "Resume"}
          </MenuItem>
        )}
        <MenuSeparator />
        <MenuItem onSelect={() => setAsking("remove")}>Remove</MenuItem>
      </DropdownMenu>
      {asking === "edit" && <UpkeepEditor open onOpenChange={close} table={table} rule={rule} />}
      <ConfirmDialog
        open={asking === "approve"}
        onOpenChange={close}
        title={`Approve upkeep of ${called}`}
        verb="Approve upkeep"
        dangerous={false}
        pending={approve.pending}
        problem={errorWords(approve.error)}
        onConfirm={async () => (await approve.run({ target, table, revision: rule.revision })) !== null}
      >
        <span className="grid gap-3">
          From then on partitions of {called} are made by the clock, without asking again. Nothing is removed.
          <UpkeepPreview table={table} />
        </span>
      </ConfirmDialog>
      <ConfirmDialog
        open={asking === "remove"}
        onOpenChange={close}
        title={`Remove upkeep of ${called}`}
        verb="Remove upkeep"
        pending={remove.pending}
        problem={remove.error?.message ?? null}
        onConfirm={async () => (await remove.run({ target, table })) !== null}
      >
        No partition is made ahead any more. The partitions that are there stay.
      </ConfirmDialog>
    </span>
  );
}
