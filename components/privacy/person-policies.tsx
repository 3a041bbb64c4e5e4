"use client";

import { useMemo, useState } from "react";
import { Button } from "@/components/ui/button.tsx";
import { DataTable } from "@/components/ui/data-table.tsx";
import type { Column } from "@/components/ui/data-table-props.ts";
import { StateBadge } from "@/components/ui/state-badge.tsx";
import { Time } from "@/components/ui/time.tsx";
import type { SubjectPolicy } from "@/lib/privacy/types.ts";
import { counted } from "@/lib/words.ts";
import { EraseDialog } from "./erase-dialog.tsx";
import { dayOf, policyName, policyStates } from "./privacy-words.ts";

interface PoliciesProps {
  person: string;
  policies: SubjectPolicy[];
  onChanged: () => void;
}

/** Under what a person's events stand, and until when. */
export function PersonPolicies({ person, policies, onChanged }: PoliciesProps) {
  const [erased, setErased] = useState<SubjectPolicy | null>(null);
  const columns = useMemo(() => [...facts, eraseColumn(setErased)], []);
  return (
    <>
      <DataTable
        id="policies"
        label="Policies"
        rows={policies}
        columns={columns}
        rowKey={({ target, policy }) => `${target} ${policy}`}
        rowHeight={44}
        toolbar={false}
        maxHeight={Number.POSITIVE_INFINITY}
      />
      {erased && (
        <EraseDialog person={person} of={erased} onDone={onChanged} onClose={() => setErased(null)} />
      )}
    </>
  );
}

/** Why and until when it stays, or when it may go. */
function until({ dueAt, holds, problem, state }: SubjectPolicy): string {
  if (problem) return `unknown: ${problem}`;
  if (holds.length > 0) return `held by ${holds.map(({ number }) => `#${number}`).join(", ")}`;
  if (state === "erased") return "gone";
  if (dueAt === null) return "unknown";
  return new Date(dueAt) > new Date() ? `law keeps it until ${dayOf(dueAt)}` : "may go now";
}

const facts: Column<SubjectPolicy>[] = [
  {
    id: "policy",
    header: "Policy",
    value: ({ target, policy }) => `${policyName(policy)} on ${target}`,
    cell: (row) => (
      <>
        {policyName(row.policy)} <span className="text-faint">on {row.target}</span>
        <span className="block truncate text-xs text-muted sm:hidden">
          {row.events === null ? "events unknown" : counted(row.events, "event")}, {until(row)}
        </span>
      </>
    ),
    grow: true,
  },
  {
    id: "state",
    header: "State",
    value: ({ state }) => policyStates[state].words,
    cell: ({ state }) => (
      <StateBadge state={policyStates[state].state}>{policyStates[state].words}</StateBadge>
    ),
    from: "sm",
  },
  {
    id: "events",
    header: "Events",
    value: ({ events }) => events,
    unit: "count",
    align: "right",
    from: "sm",
  },
  {
    id: "newest",
    header: "Newest",
    value: ({ newest }) => newest,
    cell: ({ newest }) => <Time at={newest} />,
    from: "md",
  },
  {
    id: "until",
    header: "Kept",
    value: until,
    title: ({ legalBasis }) => legalBasis ?? undefined,
    width: 230,
    from: "md",
  },
];

function eraseColumn(onErase: (policy: SubjectPolicy) => void): Column<SubjectPolicy> {
  return {
    id: "erase",
    header: "Erase",
    silentHeader: true,
    sortable: false,
    opensItself: true,
    align: "right",
    width: 84,
    value: () => null,
    cell: (policy) =>
      policy.state === "open" && (
        <Button size="sm" onClick={() => onErase(policy)}>
          Erase
        </Button>
      ),
  };
}
