"use client";

import { cn } from "@/components/ui/cn.ts";
import { Select } from "@/components/ui/select.tsx";
import type { CheckState } from "@/lib/check.ts";
import type { CheckBoard } from "@/lib/check-board/types.ts";
import { type CheckFilter, type CheckRow, countByState, shownStates } from "./check-rows.ts";
import { CheckStateIcon } from "./check-state.tsx";
import { stateWords } from "./check-words.ts";

interface ToolbarProps {
  board: CheckBoard;
  /** Those of the chosen target and topic, in every state. */
  rows: readonly CheckRow[];
  filter: CheckFilter;
  onChange: (change: Partial<CheckFilter>) => void;
}

/** How many stand how, each a filter. */
export function StateFilters({ rows, filter, onChange }: Omit<ToolbarProps, "board">) {
  const counts = countByState(rows);
  return (
    <fieldset className="flex flex-wrap gap-1.5 px-4 pb-3">
      <legend className="sr-only">State</legend>
      <StateFilter
        words="All"
        count={rows.length}
        chosen={filter.state === null}
        onChoose={() => onChange({ state: null })}
      />
      {shownStates.map((state) => (
        <StateFilter
          key={state}
          state={state}
          words={stateWords[state]}
          count={counts.get(state) ?? 0}
          chosen={filter.state === state}
          onChoose={() => onChange({ state: filter.state === state ? null : state })}
        />
      ))}
    </fieldset>
  );
}

/** Which target and topic. */
export function ScopeFilters({ board, filter, onChange }: Omit<ToolbarProps, "rows">) {
  const topics = [...new Set(board.checks.map(({ topic }) => topic))];
  return (
    <>
      {board.targets.length > 1 && (
        <Select
          label="Target"
          size="sm"
          value={filter.target ?? ""}
          onChange={(target) => onChange({ target: target || null })}
          options={[["", "Every target"], ...board.targets.map((name) => [name, name] as const)]}
        />
      )}
      <Select
        label="Topic"
        size="sm"
        value={filter.topic ?? ""}
        onChange={(topic) => onChange({ topic: topic || null })}
        options={[["", "Every topic"], ...topics.map((topic) => [topic, topic] as const)]}
      />
    </>
  );
}

interface StateFilterProps {
  state?: CheckState;
  words: string;
  count: number;
  chosen: boolean;
  onChoose: () => void;
}

function StateFilter({ state, words, count, chosen, onChoose }: StateFilterProps) {
  return (
    <button
      type="button"
      aria-pressed={chosen}
      onClick={onChoose}
      className={cn(
        "flex h-7 items-center gap-1.5 rounded-md border px-2 text-sm whitespace-nowrap",
        chosen ? "border-accent bg-accent-soft text-accent" : "border-hairline bg-panel hover:bg-hover",
        count === 0 && !chosen && "text-faint",
      )}
    >
      {state && <CheckStateIcon state={state} className={cn("size-3.5", count === 0 && "opacity-50")} />}
      <span>{words}</span>
      <span className="font-medium tabular-nums">{count}</span>
    </button>
  );
}
