"use client";

import { Button } from "@/components/ui/button.tsx";
import { Select } from "@/components/ui/select.tsx";
import { SettledFilter } from "@/components/ui/settled-filter.tsx";
import type { JobPage } from "@/lib/work/get-jobs.ts";
import { type EndedState, endedStates, type JobFilter } from "./jobs-input.ts";

interface ToolbarProps {
  filter: JobFilter;
  page: JobPage;
  onChange: (change: Partial<Omit<JobFilter, "before">>) => void;
  onClear: () => void;
}

const words: Record<EndedState, string> = {
  done: "Done",
  failed: "Failed",
  cancelled: "Cancelled",
  skipped: "Skipped",
};

export function EndedJobsToolbar({ filter, page, onChange, onClear }: ToolbarProps) {
  const all = endedStates.reduce((sum, state) => sum + page.counts[state], 0);
  const filtered = filter.state !== null || filter.name !== null || filter.person !== "";
  return (
    <div className="flex flex-wrap items-center gap-2 px-4 pb-3">
      <SettledFilter
        value={filter.person}
        onChange={(person) => onChange({ person })}
        label="Asked for by"
        className="w-full sm:w-48"
      />
      <Select<EndedState | "all">
        label="State"
        size="sm"
        value={filter.state ?? "all"}
        onChange={(state) => onChange({ state: state === "all" ? null : state })}
        options={[
          ["all", `Any state (${all})`],
          ...endedStates.map((state) => [state, `${words[state]} (${page.counts[state]})`] as const),
        ]}
      />
      <Select
        label="Kind"
        size="sm"
        value={filter.name ?? ""}
        onChange={(name) => onChange({ name: name || null })}
        options={[["", "Every kind"], ...page.kinds.map(({ name, title }) => [name, title] as const)]}
      />
      {filtered && (
        <Button size="sm" variant="ghost" onClick={onClear}>
          Clear
        </Button>
      )}
    </div>
  );
}
