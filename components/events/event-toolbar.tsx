"use client";

import { X } from "lucide-react";
import { Button } from "@/components/ui/button.tsx";
import { Select } from "@/components/ui/select.tsx";
import { SettledFilter } from "@/components/ui/settled-filter.tsx";
import {
  classifications,
  type EventFilter,
  statuses,
  type TypedFilter,
  typedFilters,
} from "./events-input.ts";

interface ToolbarProps {
  filter: EventFilter;
  onChange: (change: Partial<Omit<EventFilter, "before">>) => void;
  onClear: () => void;
}

const labels: Record<TypedFilter, string> = {
  actor: "Actor: id or token",
  about: "Target: id or token",
  organization: "Organisation",
  action: "Action, or record.*",
  correlation: "Correlation id",
  policy: "Retention policy",
  text: "Text in the details",
};
const any = "any";
const statusOptions = [[any, "Any status"], ...statuses.map((name) => [name, name] as const)] as const;
const classOptions = [[any, "Any class"], ...classifications.map((name) => [name, name] as const)] as const;

export function EventToolbar({ filter, onChange, onClear }: ToolbarProps) {
  const narrowed =
    typedFilters.some((name) => filter[name] !== "") ||
    filter.status !== null ||
    filter.classification !== null;
  return (
    <search className="flex flex-wrap items-center gap-2 px-4 pb-3">
      {typedFilters.map((name) => (
        <SettledFilter
          key={name}
          label={labels[name]}
          value={filter[name]}
          onChange={(value) => onChange({ [name]: value })}
          settleMs={350}
          className="w-[calc(50%-4px)] sm:w-44"
        />
      ))}
      <Select
        label="Status"
        size="sm"
        value={filter.status ?? any}
        onChange={(status) => onChange({ status: status === any ? null : status })}
        options={statusOptions}
      />
      <Select
        label="Classification"
        size="sm"
        value={filter.classification ?? any}
        onChange={(name) => onChange({ classification: name === any ? null : name })}
        options={classOptions}
      />
      {narrowed && (
        <Button size="sm" variant="ghost" icon={<X />} onClick={onClear}>
          Clear
        </Button>
      )}
    </search>
  );
}
