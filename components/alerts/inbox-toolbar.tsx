"use client";

import { useConsole } from "@/components/shell/console-context.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Select } from "@/components/ui/select.tsx";
import { SettledFilter } from "@/components/ui/settled-filter.tsx";
import type { AlertSeverity } from "@/lib/alerting/alert.ts";
import { useTarget } from "@/lib/client/use-target.ts";
import { type InboxFilter, isFiltered, severities } from "./inbox-input.ts";

interface ToolbarProps {
  filter: InboxFilter;
  /** Checks that have incidents, by name. */
  checks: readonly { id: string; title: string }[];
  /** Who may be given one. */
  people: readonly { id: string; name: string }[];
  onChange: (change: Partial<Omit<InboxFilter, "offset">>) => void;
  onClear: () => void;
}

const severityWords: Record<AlertSeverity, string> = {
  critical: "Critical",
  warning: "Warning",
  notice: "Notice",
};

export function InboxToolbar({ filter, checks, people, onChange, onClear }: ToolbarProps) {
  const target = useTarget();
  const { targets } = useConsole();
  return (
    <div className="flex flex-wrap items-center gap-2 px-4 pb-3">
      <SettledFilter
        value={filter.text}
        onChange={(text) => onChange({ text })}
        label="Filter incidents"
        className="w-full sm:w-56"
      />
      <Select<AlertSeverity | "">
        label="Severity"
        size="sm"
        value={filter.severity ?? ""}
        onChange={(severity) => onChange({ severity: severity || null })}
        options={[["", "Any severity"], ...severities.map((each) => [each, severityWords[each]] as const)]}
      />
      <Select
        label="Check"
        size="sm"
        value={filter.check ?? ""}
        onChange={(check) => onChange({ check: check || null })}
        options={[["", "Every check"], ...checks.map(({ id, title }) => [id, title] as const)]}
      />
      <Select
        label="Who has it"
        size="sm"
        value={filter.assignee ?? ""}
        onChange={(assignee) => onChange({ assignee: assignee || null })}
        options={[
          ["", "Anybody's"],
          ["me", "Mine"],
          ["nobody", "Nobody's"],
          ...people.map(({ id, name }) => [id, name] as const),
        ]}
      />
      {targets.length > 1 && (
        <Select
          label="Target"
          size="sm"
          value={filter.scope}
          onChange={(scope) => onChange({ scope })}
          options={[
            ["here", target],
            ["everywhere", "Every target"],
          ]}
        />
      )}
      {isFiltered(filter) && (
        <Button size="sm" variant="ghost" onClick={onClear}>
          Clear
        </Button>
      )}
    </div>
  );
}
