"use client";

import { parseAsString, useQueryState } from "nuqs";
import { useConsole } from "@/components/shell/console-context.tsx";
import { cn } from "@/components/ui/cn.ts";
import { EmptyState } from "@/components/ui/empty-state.tsx";
import { Badge } from "@/components/ui/state-badge.tsx";
import { TargetCapabilities } from "./target-capabilities.tsx";
import { TargetHead } from "./target-head.tsx";

/** Every watched database; the chosen one's features, missing ones first. */
export function TargetsView() {
  const { targets } = useConsole();
  const [chosen, setChosen] = useQueryState("of", parseAsString);
  const shown = targets.find(({ name }) => name === chosen) ?? targets[0];
  if (!shown)
    return <EmptyState title="No target is configured">Set AUDIT_DATABASE_URL and start anew.</EmptyState>;
  return (
    <div className="grid grid-cols-1 gap-4">
      {targets.length > 1 && (
        <fieldset className="flex flex-wrap gap-1.5">
          <legend className="sr-only">Target</legend>
          {targets.map(({ name, demo }) => (
            <button
              key={name}
              type="button"
              aria-pressed={name === shown.name}
              onClick={() => void setChosen(name === targets[0]?.name ? null : name)}
              className={cn(
                "flex h-8 items-center gap-2 rounded-md border px-3 text-base",
                name === shown.name
                  ? "border-accent bg-accent-soft font-medium text-accent"
                  : "border-hairline-strong bg-panel hover:bg-hover",
              )}
            >
              {name}
              {demo && <Badge tone="accent">Demo data</Badge>}
            </button>
          ))}
        </fieldset>
      )}
      <TargetHead key={`head ${shown.name}`} target={shown.name} />
      <TargetCapabilities key={shown.name} target={shown.name} />
    </div>
  );
}
