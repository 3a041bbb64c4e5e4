"use client";

import type { Column } from "@/components/ui/data-table-props.ts";
import { Badge, type State, StateBadge } from "@/components/ui/state-badge.tsx";
import { Time } from "@/components/ui/time.tsx";
import type { SilenceLine } from "@/lib/silences/types.ts";
import { MatcherChips, matcherText } from "./matcher-chips.tsx";

const states: Record<SilenceLine["state"], { state: State; words: string }> = {
  active: { state: "notice", words: "active" },
  pending: { state: "unknown", words: "to begin" },
  expired: { state: "unknown", words: "ended" },
};

export function SilenceState({ silence }: { silence: SilenceLine }) {
  const { state, words } = states[silence.state];
  return (
    <span className="inline-flex gap-1">
      <StateBadge state={state}>{words}</StateBadge>
      {silence.guarded && <Badge tone="accent">guarded</Badge>}
    </span>
  );
}

/** "in 42 min", with the moment on hover; of one that waits for its incident which. */
export function SilenceEnd({ silence }: { silence: SilenceLine }) {
  const { endsAt, incident } = silence;
  if (endsAt) return <Time at={endsAt} />;
  return <>when {incident ? `#${incident.number}` : "its incident"} resolves</>;
}

export const silenceColumns: Column<SilenceLine>[] = [
  {
    id: "means",
    header: "Means",
    value: ({ matchers }) => matchers.map(matcherText).join(", ") || "everything",
    cell: ({ target, matchers }) => <MatcherChips target={target} matchers={matchers} />,
    grow: true,
  },
  {
    id: "state",
    header: "State",
    value: ({ state }) => state,
    from: "sm",
    cell: (silence) => <SilenceState silence={silence} />,
  },
  {
    id: "ends",
    header: "Ends",
    value: ({ endsAt }) => endsAt,
    cell: (silence) => <SilenceEnd silence={silence} />,
  },
  {
    id: "hushes",
    header: "Silences now",
    value: ({ hushes }) => hushes.alerts,
    unit: "count",
    align: "right",
    from: "md",
  },
  { id: "reason", header: "Reason", value: ({ reason }) => reason, from: "lg", width: 260 },
  { id: "by", header: "By", value: ({ by }) => by, from: "md" },
];
