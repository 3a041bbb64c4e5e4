"use client";

import { useState } from "react";
import { Panel } from "@/components/panel/panel.tsx";
import { ConsoleLink } from "@/components/shell/console-link.tsx";
import { Choice } from "@/components/ui/choice.tsx";
import { DataTable } from "@/components/ui/data-table.tsx";
import type { Column } from "@/components/ui/data-table-props.ts";
import { type State, StateBadge } from "@/components/ui/state-badge.tsx";
import { Time } from "@/components/ui/time.tsx";
import { useRead } from "@/lib/client/use-read.ts";
import { useTarget } from "@/lib/client/use-target.ts";
import type { Erasure } from "@/lib/privacy/erasure/get-erasures.ts";
import { privacyInputs } from "./privacy-input.ts";
import { erasureWaits, policyName } from "./privacy-words.ts";

type Shown = "open" | "destroyed";

/** Erasures that two people agreed on: what each still waits for, and which came through. */
export function ErasuresPanel() {
  const [shown, setShown] = useState<Shown>(privacyInputs.erasures.show);
  const read = useRead("erasures", { show: shown });
  return (
    <Panel
      id="erasures"
      title="Erasures"
      read={read}
      height={110}
      flush
      info={{
        what: "One for each key that is to be destroyed. A floor of retention or a hold may keep it back: it goes on by itself on the day that ends. Whom it concerns stands nowhere here.",
      }}
      actions={
        <Choice
          label="Which erasures"
          value={shown}
          onChange={setShown}
          choices={[
            ["open", "Under way"],
            ["destroyed", "Done"],
          ]}
        />
      }
      empty={(rows) =>
        rows.length === 0 &&
        (shown === "open"
          ? "No erasure is under way. One begins with a request, or with a person's policy above."
          : "Nothing was erased on this target yet.")
      }
    >
      {(rows) => (
        <DataTable
          id="erasures"
          label="Erasures"
          rows={rows}
          columns={columns}
          rowKey={({ id }) => id}
          toolbar={rows.length > 8}
          maxHeight={320}
        />
      )}
    </Panel>
  );
}

const states: Record<Erasure["state"], { state: State; words: string }> = {
  asked: { state: "notice", words: "begun" },
  held: { state: "warning", words: "held back" },
  kept: { state: "notice", words: "kept by law" },
  marked: { state: "notice", words: "key closed" },
  destroyed: { state: "ok", words: "erased" },
};

const columns: Column<Erasure>[] = [
  { id: "policy", header: "Policy", value: ({ policy }) => policyName(policy), width: 150 },
  {
    id: "state",
    header: "State",
    value: ({ state }) => states[state].words,
    cell: ({ state }) => <StateBadge state={states[state].state}>{states[state].words}</StateBadge>,
  },
  { id: "waits", header: "Waits for", value: erasureWaits, grow: true, from: "sm" },
  { id: "by", header: "Asked by", value: ({ requestedBy }) => requestedBy, from: "lg" },
  {
    id: "asked",
    header: "Asked",
    value: ({ requestedAt }) => requestedAt,
    cell: ({ requestedAt }) => <Time at={requestedAt} />,
    from: "md",
  },
  {
    id: "job",
    header: "Job",
    value: ({ jobId }) => jobId,
    sortable: false,
    from: "md",
    cell: ({ jobId }) => jobId && <JobLink id={jobId} />,
  },
];

function JobLink({ id }: { id: string }) {
  const target = useTarget();
  return (
    <ConsoleLink
      href={`/${encodeURIComponent(target)}/jobs?job=${id}`}
      className="text-accent underline underline-offset-2"
    >
      its job
    </ConsoleLink>
  );
}
