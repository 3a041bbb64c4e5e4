"use client";

import { ChevronDown, Pause, RotateCw } from "lucide-react";
import { useState } from "react";
import {
  DropdownMenu,
  MenuItem,
  MenuLabel,
  MenuRadio,
  MenuSeparator,
} from "@/components/ui/dropdown-menu.tsx";
import { useNow } from "@/lib/client/now.ts";
import { type Refresh, refreshes } from "@/lib/client/ranges.ts";
import { useRefreshClock } from "@/lib/client/refresh-clock.tsx";
import { useRefresh } from "@/lib/client/url-state.ts";

const labels: Record<Refresh, string> = {
  off: "Off",
  "2s": "2 s",
  "5s": "5 s",
  "15s": "15 s",
  "60s": "60 s",
};

/** How often the page asks anew, with a ring that empties until the next time. */
export function RefreshControl() {
  const { refresh, setRefresh } = useRefresh();
  const { tick, seconds, paused, refreshNow } = useRefreshClock();
  return (
    <DropdownMenu
      label="Refresh"
      className="min-w-40"
      trigger={
        <button
          type="button"
          aria-label={`Refresh: ${labels[refresh]}`}
          className="flex h-8 items-center gap-1.5 rounded-md border border-hairline-strong bg-panel px-2 text-sm hover:bg-hover data-[state=open]:bg-hover sm:px-2.5"
        >
          {seconds === null ? (
            <Pause aria-hidden className="size-4 text-faint" />
          ) : (
            <Countdown key={`${tick} ${seconds}`} seconds={seconds} paused={paused} />
          )}
          <span className="hidden min-w-7 text-left sm:inline">{labels[refresh]}</span>
          <ChevronDown aria-hidden className="hidden size-3.5 text-faint sm:block" />
        </button>
      }
    >
      <MenuItem icon={<RotateCw />} onSelect={refreshNow}>
        Refresh now
      </MenuItem>
      <MenuSeparator />
      <MenuLabel>Every</MenuLabel>
      <MenuRadio
        value={refresh}
        onChange={setRefresh}
        options={refreshes.map((each) => [each, labels[each]])}
      />
    </DropdownMenu>
  );
}

/**
 * A step a second, with the page's other seconds: drawn smoothly it had the tab paint sixty times a second, two thirds
 * of all it cost (bench/tab-cost.ts).
 */
function Countdown({ seconds, paused }: { seconds: number; paused: boolean }) {
  const [beganMs] = useState(Date.now);
  const passed = Math.round(((useNow() ?? beganMs) - beganMs) / 1_000);
  const gone = Math.min(1, Math.max(0, passed / seconds));
  return (
    <svg viewBox="0 0 16 16" className="size-4 -rotate-90" aria-hidden="true" data-gone={gone}>
      <circle cx="8" cy="8" r="6" fill="none" strokeWidth="2" className="stroke-hairline-strong" />
      <circle
        cx="8"
        cy="8"
        r="6"
        fill="none"
        strokeWidth="2"
        pathLength="100"
        strokeDasharray="100"
        strokeDashoffset={100 * gone}
        className={paused ? "stroke-accent opacity-40" : "stroke-accent"}
      />
    </svg>
  );
}
