"use client";

import { Dialog } from "@/components/ui/dialog.tsx";
import { Kbd } from "@/components/ui/kbd.tsx";
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

export function ShortcutHelp({ onClose }: { onClose: () => void }) {
  const rows = [...pages.map((page) => [`g ${page.key}`, `Go to ${page.label}`] as const), ...others];
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title="Keyboard shortcuts" size="sm">
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
      <p className="mt-4 text-sm text-muted">
        Drag across a chart to zoom the time range; double-click to go back.
      </p>
    </Dialog>
  );
}
