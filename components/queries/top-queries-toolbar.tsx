"use client";

import { useEffect, useEffectEvent, useState } from "react";
import { Switch } from "@/components/ui/checkbox.tsx";
import { cn } from "@/components/ui/cn.ts";
import { FilterInput } from "@/components/ui/input.tsx";
import { Select } from "@/components/ui/select.tsx";
import { useOwnQueries } from "@/lib/client/url-state.ts";
import { firstLimit, type QueryChoice } from "./queries-input.ts";
import { queryOrderNames, queryOrders } from "./query-orders.ts";

interface ToolbarProps {
  choice: QueryChoice;
  onChange: (change: Partial<QueryChoice>) => void;
}

/** Rank by, search, group, own. */
export function TopQueriesToolbar({ choice, onChange }: ToolbarProps) {
  const { hideOwn, setHideOwn } = useOwnQueries();
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-2 px-4 pb-3">
      <fieldset className="flex max-w-full overflow-x-auto rounded-md bg-inset p-0.5 [scrollbar-width:none]">
        <legend className="sr-only">Rank by</legend>
        {queryOrderNames.map((name) => (
          <button
            key={name}
            type="button"
            aria-pressed={choice.by === name}
            title={queryOrders[name].help}
            onClick={() => onChange({ by: name, dir: "desc", limit: firstLimit })}
            className={cn(
              "h-6 rounded-sm px-2.5 text-xs font-medium whitespace-nowrap -outline-offset-1",
              choice.by === name
                ? "bg-panel text-ink ring-1 ring-hairline-strong ring-inset"
                : "text-muted hover:text-ink",
            )}
          >
            {queryOrders[name].name}
          </button>
        ))}
      </fieldset>
      <SearchInput value={choice.search} onChange={(search) => onChange({ search, limit: firstLimit })} />
      <div className="flex items-center gap-4 sm:ml-auto">
        <Select
          label="Group"
          prefix="by"
          size="sm"
          value={choice.group}
          onChange={(group) => onChange({ group, limit: firstLimit })}
          options={[
            ["statement", "statement"],
            ["shape", "shape"],
          ]}
        />
        <Switch label="Hide the console's own" checked={hideOwn} onChange={setHideOwn} />
      </div>
    </div>
  );
}

/** Asks once the typing pauses. */
function SearchInput({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const [typed, setTyped] = useState(value);
  const send = useEffectEvent((text: string) => {
    if (text !== value) onChange(text);
  });
  useEffect(() => setTyped(value), [value]);
  useEffect(() => {
    const timer = setTimeout(() => send(typed), 250);
    return () => clearTimeout(timer);
  }, [typed]);
  return (
    <FilterInput
      value={typed}
      onChange={setTyped}
      label="Text, user or database"
      className="w-full sm:w-56"
    />
  );
}
