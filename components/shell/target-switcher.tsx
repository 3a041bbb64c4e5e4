"use client";

import { ChevronsUpDown } from "lucide-react";
import { usePathname, useRouter } from "next/navigation";
import { DropdownMenu, MenuItem } from "@/components/ui/dropdown-menu.tsx";
import { Badge, type State, StateDot } from "@/components/ui/state-badge.tsx";
import { formatClockSeconds } from "@/lib/client/format-time.ts";
import { useTimeZone } from "@/lib/client/time-zone.ts";
import { useKeptHref } from "@/lib/client/url-state.ts";
import { useRead } from "@/lib/client/use-read.ts";
import { useTargetOrNull } from "@/lib/client/use-target.ts";
import { useConsole } from "./console-context.tsx";
import { useMissingTarget } from "./current-target.ts";
import { pageHref, pageOfPath, pages } from "./navigation.ts";

const states = {
  up: { state: "ok", words: "reachable" },
  connecting: { state: "unknown", words: "connecting" },
  down: { state: "critical", words: "unreachable" },
} as const satisfies Record<string, { state: State; words: string }>;

/** Hatched while nobody can say: before the first answer, and when the console gives none any more. */
function TargetDot({ target }: { target: string }) {
  const { data, aged, error } = useRead("targetStatus", {}, { target });
  const zone = useTimeZone();
  if (!data) return <StateDot state="unknown" label={error ? "not known" : states.connecting.words} />;
  const { state, words } = states[data.state];
  if (!aged) return <StateDot state={state} label={words} />;
  return (
    <StateDot
      state="unknown"
      label={`not known: ${words} at ${formatClockSeconds(aged.at, zone)}. ${aged.reason}`}
    />
  );
}

/** The target of the page and the way to the others; the page, range and refresh stay. */
export function TargetSwitcher() {
  const { targets } = useConsole();
  const current = useTargetOrNull();
  const missing = useMissingTarget() !== null;
  const page = pageOfPath(usePathname());
  const router = useRouter();
  const keep = useKeptHref();
  const there = page?.path.includes("{target}") ? page : pages[0];
  const shown = targets.find((target) => target.name === current);

  return (
    <DropdownMenu
      label="Targets"
      align="start"
      className="min-w-56"
      trigger={
        <button
          type="button"
          className="flex h-8 min-w-0 items-center gap-2 rounded-md px-2 text-base font-medium hover:bg-hover data-[state=open]:bg-hover"
        >
          {current && !missing && <TargetDot target={current} />}
          <span className="sr-only">{current ? "Target" : "Choose one of the"}</span>
          <span className="max-w-28 truncate sm:max-w-50">
            {missing ? "No such target" : (current ?? "Targets")}
          </span>
          {shown?.demo && (
            <span className="hidden sm:inline-flex">
              <Badge tone="accent">Demo data</Badge>
            </span>
          )}
          <ChevronsUpDown aria-hidden className="size-3.5 shrink-0 text-faint" />
        </button>
      }
    >
      {targets.map((target) => (
        <MenuItem
          key={target.name}
          icon={<TargetDot target={target.name} />}
          aside={target.demo ? "Demo data" : target.name === current ? "this page" : null}
          onSelect={() => there && router.push(keep(pageHref(there, target.name)))}
        >
          {target.name}
        </MenuItem>
      ))}
    </DropdownMenu>
  );
}
