"use client";

import { CalendarClock, Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { Panel } from "@/components/panel/panel.tsx";
import { useConsole } from "@/components/shell/console-context.tsx";
import { Button, IconButton } from "@/components/ui/button.tsx";
import { Switch } from "@/components/ui/checkbox.tsx";
import { ConfirmDialog } from "@/components/ui/confirm-dialog.tsx";
import { EmptyState } from "@/components/ui/empty-state.tsx";
import { Badge, StateBadge } from "@/components/ui/state-badge.tsx";
import { Time } from "@/components/ui/time.tsx";
import { roleReaches } from "@/lib/client/roles.ts";
import { useAdminAction } from "@/lib/client/use-admin-action.ts";
import { useRead } from "@/lib/client/use-read.ts";
import { useTarget } from "@/lib/client/use-target.ts";
import type { WindowLine } from "@/lib/silences/types.ts";
import { counted } from "@/lib/words.ts";
import { MatcherChips } from "./matcher-chips.tsx";
import { WindowDialog } from "./window-dialog.tsx";

/** Maintenance windows, each with when it is open, what it silences and its next five. */
export function WindowsPanel() {
  const target = useTarget();
  const { person } = useConsole();
  const operates = roleReaches(person.role, "operator");
  const read = useRead("maintenanceWindows", { target });
  const [edited, setEdited] = useState<WindowLine | "new" | null>(null);
  return (
    <Panel
      id="maintenance-windows"
      title="Maintenance windows"
      read={read}
      height={160}
      flush
      info={{
        what: "Time in which work is expected, once or by the clock. Nobody is told of what a window means while it is open; guarded checks are told all the same.",
      }}
      actions={
        operates && (
          <Button size="sm" icon={<Plus />} onClick={() => setEdited("new")}>
            New window
          </Button>
        )
      }
    >
      {(lines) => (
        <>
          {lines.length === 0 ? (
            <EmptyState icon={<CalendarClock />} title="No maintenance window" className="min-h-40">
              <p>Set one for work that comes again and again, such as a weekly reindex.</p>
            </EmptyState>
          ) : (
            <ul className="divide-y divide-hairline">
              {lines.map((line) => (
                <Line key={line.id} line={line} operates={operates} onEdit={() => setEdited(line)} />
              ))}
            </ul>
          )}
          {edited && <WindowDialog line={edited === "new" ? null : edited} onClose={() => setEdited(null)} />}
        </>
      )}
    </Panel>
  );
}

function Line({ line, operates, onEdit }: { line: WindowLine; operates: boolean; onEdit: () => void }) {
  const { target, name, matchers, when, words, enabled, open, next, hushes, setBy, setAt } = line;
  const enable = useAdminAction("enableMaintenanceWindow");
  return (
    <li className="grid gap-x-6 gap-y-2 px-4 py-3 md:grid-cols-[minmax(0,1fr)_18rem_auto]">
      <div className="grid min-w-0 content-start gap-1.5">
        <p className="flex flex-wrap items-center gap-2">
          <span className="font-medium break-words">{name}</span>
          <WindowState line={line} />
        </p>
        <MatcherChips target={target} matchers={matchers} />
        <p className="text-sm text-muted">
          {"cron" in when ? (
            <>
              {words ?? <code className="font-mono text-xs">{when.cron}</code>}, {when.timeZone}, for{" "}
              {counted(when.minutes, "minute")}
            </>
          ) : (
            <>
              Once, <Time at={when.startsAt} show="moment" /> to <Time at={when.endsAt} show="moment" />
            </>
          )}
          {open && enabled && (
            <>
              . Silences {counted(hushes.alerts, "alert")} now, until <Time at={open.to} show="moment" />
            </>
          )}
          . Set by {setBy}, <Time at={setAt} />.
        </p>
      </div>
      <div className="text-sm">
        {next.length > 0 && (
          <>
            <p className="text-xs text-faint">{enabled ? "Next" : "Would be next"}</p>
            <ol className="tabular-nums">
              {next.map(({ from, to }) => (
                <li key={from.getTime()} className={enabled ? undefined : "text-faint"}>
                  <Time at={from} show="moment" /> <span className="text-faint">to</span>{" "}
                  <Time at={to} show="moment" />
                </li>
              ))}
            </ol>
          </>
        )}
      </div>
      {operates && (
        <div className="flex items-center gap-2 self-start">
          <Switch
            label="On"
            checked={enabled}
            disabled={enable.pending}
            onChange={(on) => void enable.run({ target, name, enabled: on })}
          />
          <Button size="sm" onClick={onEdit}>
            Change
          </Button>
          <Remove line={line} />
        </div>
      )}
    </li>
  );
}

function WindowState({ line: { enabled, open, next } }: { line: WindowLine }) {
  if (!enabled) return <Badge>off</Badge>;
  if (open) return <StateBadge state="notice">open</StateBadge>;
  return next.length > 0 ? null : <Badge>over</Badge>;
}

function Remove({ line: { target, name } }: { line: WindowLine }) {
  const [asking, setAsking] = useState(false);
  const remove = useAdminAction("removeMaintenanceWindow", { done: `${name} removed` });
  return (
    <>
      <IconButton label={`Remove ${name}`} size="sm" onClick={() => setAsking(true)}>
        <Trash2 />
      </IconButton>
      <ConfirmDialog
        open={asking}
        onOpenChange={setAsking}
        title={`Remove ${name}`}
        verb="Remove window"
        pending={remove.pending}
        problem={remove.error?.message ?? null}
        onConfirm={async () => (await remove.run({ target, name })) !== null}
      >
        What it means is told from then on. To keep it for later, turn it off instead.
      </ConfirmDialog>
    </>
  );
}
