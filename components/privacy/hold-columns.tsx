"use client";

import type { Column } from "@/components/ui/data-table-props.ts";
import { type State, StateBadge } from "@/components/ui/state-badge.tsx";
import { Time } from "@/components/ui/time.tsx";
import type { Hold } from "@/lib/privacy/types.ts";
import { scopeWords } from "./privacy-words.ts";

const states: Record<Hold["state"], { state: State; words: string }> = {
  placing: { state: "warning", words: "being placed" },
  in_force: { state: "ok", words: "in force" },
  released: { state: "unknown", words: "released" },
};

export function HoldState({ hold }: { hold: Hold }) {
  const { state, words } = states[hold.state];
  return <StateBadge state={state}>{words}</StateBadge>;
}

export const holdColumns: Column<Hold>[] = [
  {
    id: "name",
    header: "Case",
    value: ({ number, name }) => `#${number} ${name}`,
    cell: ({ number, name }) => (
      <>
        <span className="text-faint">#{number}</span> {name}
      </>
    ),
    grow: true,
  },
  { id: "state", header: "State", value: ({ state }) => state, cell: (hold) => <HoldState hold={hold} /> },
  {
    id: "scope",
    header: "Covers",
    value: ({ scope, person }) => scopeWords(scope, person),
    from: "md",
    width: 320,
  },
  { id: "by", header: "Placed by", value: ({ placedBy }) => placedBy, from: "lg" },
  {
    id: "placed",
    header: "Placed",
    value: ({ placedAt }) => placedAt,
    cell: ({ placedAt }) => <Time at={placedAt} />,
    from: "sm",
  },
];
