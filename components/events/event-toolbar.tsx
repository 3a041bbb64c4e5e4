"use client";

import { X } from "lucide-react";
import { useEffect, useEffectEvent, useState } from "react";
import { Button } from "@/components/ui/button.tsx";
import { FilterInput } from "@/components/ui/input.tsx";
import { Select } from "@/components/ui/select.tsx";
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
        <TypedInput
          key={name}
          label={labels[name]}
          value={filter[name]}
          onChange={(value) => onChange({ [name]: value })}
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

interface TypedInputProps {
  label: string;
  value: string;
  onChange: (value: string) => void;
}

/** Asks when the typing rests, so that a search is not begun for every letter. */
function TypedInput({ label, value, onChange }: TypedInputProps) {
  const [typed, setTyped] = useState(value);
  const send = useEffectEvent((next: string) => {
    if (next !== value) onChange(next);
  });
  useEffect(() => setTyped(value), [value]);
  useEffect(() => {
    const timer = setTimeout(() => send(typed), 350);
    return () => clearTimeout(timer);
  }, [typed]);
  return (
    <FilterInput value={typed} onChange={setTyped} label={label} className="w-[calc(50%-4px)] sm:w-44" />
  );
}
