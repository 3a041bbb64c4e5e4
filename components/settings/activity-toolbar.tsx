"use client";

import { Select } from "@/components/ui/select.tsx";
import { SettledFilter } from "@/components/ui/settled-filter.tsx";
import { type ActivityFilter, type ActivityKind, activityKinds, type Outcome } from "./activity-input.ts";

interface ToolbarProps {
  filter: ActivityFilter;
  onChange: (change: Partial<Omit<ActivityFilter, "before">>) => void;
}

const kinds: ["all", string][] = [["all", "Everything"]];
const kindOptions = [...kinds, ...(Object.entries(activityKinds) as [ActivityKind, string][])] as const;
const outcomeOptions = [
  ["all", "Any outcome"],
  ["success", "Done"],
  ["refused", "Refused"],
  ["failed", "Failed"],
  ["unknown", "Outcome unknown"],
] as const;

export function ActivityToolbar({ filter, onChange }: ToolbarProps) {
  return (
    <div className="flex flex-wrap items-center gap-2 px-4 pb-3">
      <SettledFilter
        value={filter.text}
        onChange={(text) => onChange({ text })}
        label="Actor or object"
        className="w-full sm:w-56"
      />
      <Select<ActivityKind | "all">
        label="Kind"
        size="sm"
        value={filter.kind ?? "all"}
        onChange={(kind) => onChange({ kind: kind === "all" ? null : kind })}
        options={kindOptions}
      />
      <Select<Outcome | "all">
        label="Outcome"
        size="sm"
        value={filter.outcome ?? "all"}
        onChange={(outcome) => onChange({ outcome: outcome === "all" ? null : outcome })}
        options={outcomeOptions}
      />
    </div>
  );
}
