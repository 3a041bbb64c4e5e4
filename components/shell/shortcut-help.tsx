"use client";

import { Switch } from "@/components/ui/checkbox.tsx";
import { Dialog } from "@/components/ui/dialog.tsx";
import { Kbd } from "@/components/ui/kbd.tsx";
import { singleKeys, useSingleKeys } from "@/lib/client/single-keys.ts";
import { pages } from "./navigation.ts";

const others = [
  ["mod k", "Search pages, targets and actions"],
  ["/", "Go to the filter of the table"],
  ["↑ ↓", "Move between rows of a table"],
  ["Enter", "Open the row"],
  ["← →", "In an open row: the one before, the next"],
  ["Esc", "Close"],
  ["?", "This list"],
] as const;

/** While a row of the inbox has the focus; those that act, on an incident's page too. */
const inbox = [
  ["j k", "Next and previous incident"],
  ["x", "Select it"],
  ["a", "Acknowledge"],
  ["s", "Snooze"],
  ["c", "Comment"],
  ["e", "Close"],
  ["u", "Back to the inbox; in it: clear the selection"],
] as const;

export function ShortcutHelp({ onClose }: { onClose: () => void }) {
  const on = useSingleKeys();
  const rows = [...pages.map((page) => [`g ${page.key}`, `Go to ${page.label}`] as const), ...others];
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title="Keyboard shortcuts" size="sm">
      <Keys rows={rows} />
      <h3 className="mt-5 mb-2 text-sm font-semibold">Alerts</h3>
      <Keys rows={inbox} />
      <div className="mt-5 grid gap-1 border-t border-hairline pt-4">
        <Switch label="Single keys are shortcuts" checked={on} onChange={singleKeys.set} />
        <p className="text-sm text-muted">
          Turn them off where keys are spoken or pressed by accident; those with Ctrl or ⌘ stay.
        </p>
      </div>
      <p className="mt-4 text-sm text-muted">
        Drag across a chart to zoom the time range; double-click to go back.
      </p>
    </Dialog>
  );
}

function Keys({ rows }: { rows: readonly (readonly [keys: string, words: string])[] }) {
  return (
    <dl className="grid grid-cols-[1fr_auto] gap-y-2 text-sm">
      {rows.map(([keys, words]) => (
        <div key={keys} className="contents">
          <dt>{words}</dt>
          <dd>
            <Kbd keys={keys} />
            <span className="sr-only">{keys}</span>
          </dd>
        </div>
      ))}
    </dl>
  );
}
