"use client";

import { Box } from "@/components/requests/box.tsx";
import { dayWords } from "@/components/requests/request-words.ts";
import { DataTable } from "@/components/ui/data-table.tsx";
import type { Column } from "@/components/ui/data-table-props.ts";
import { type State, StateBadge } from "@/components/ui/state-badge.tsx";
import { Time } from "@/components/ui/time.tsx";
import type { RequestDetail } from "@/lib/requests/get-request.ts";
import type { RequestErasure } from "@/lib/requests/read-request-parts.ts";
import { counted } from "@/lib/words.ts";

/** What carries the request out: each key that is or will be destroyed, and until when the rest stays. */
export function ExecutionPanel({ request }: { request: RequestDetail }) {
  const { erasures, executedBy, executedAt } = request;
  const done = erasures.filter(({ state }) => state === "destroyed").length;
  const unit = executedAt && (
    <>
      begun by {executedBy}, <Time at={executedAt} show="moment" />
    </>
  );
  if (erasures.length === 0)
    return request.kind === "erasure" ? (
      <Box id="execution" title="Carried out" unit={unit}>
        <p className="text-sm text-muted">
          No key of this person stands behind it: none was there, or its job has not come to it yet.
        </p>
      </Box>
    ) : null;
  return (
    <Box
      id="execution"
      title="Carried out"
      unit={unit}
      flush
      actions={
        <span className="pr-2 text-sm text-muted">
          {done} of {counted(erasures.length, "key")} destroyed
        </span>
      }
    >
      <DataTable
        id="execution"
        label="Keys of this request"
        rows={erasures}
        columns={columns}
        rowKey={({ id }) => id}
        toolbar={false}
      />
    </Box>
  );
}

const states: Record<RequestErasure["state"], { state: State; words: string }> = {
  asked: { state: "notice", words: "begun" },
  held: { state: "warning", words: "held back" },
  kept: { state: "notice", words: "kept by law" },
  marked: { state: "notice", words: "key closed" },
  destroyed: { state: "ok", words: "destroyed" },
};

const columns: Column<RequestErasure>[] = [
  {
    id: "policy",
    header: "Policy",
    value: ({ policy, target }) => `${policy} on ${target}`,
    cell: ({ policy, target }) => (
      <>
        {policy} <span className="text-muted max-sm:hidden">on {target}</span>
      </>
    ),
    title: ({ policy, target }) => `${policy} on ${target}`,
    grow: true,
  },
  {
    id: "state",
    header: "Key",
    value: ({ state }) => states[state].words,
    cell: ({ state }) => <StateBadge state={states[state].state}>{states[state].words}</StateBadge>,
  },
  {
    id: "when",
    header: "When",
    value: ({ destroyedAt, dueAt }) => destroyedAt ?? dueAt,
    cell: ({ state, destroyedAt, dueAt }) =>
      destroyedAt ? (
        <Time at={destroyedAt} show="moment" />
      ) : state === "held" ? (
        <span className="text-muted">when released</span>
      ) : dueAt && state === "kept" ? (
        <span className="text-muted">on {dayWords(dueAt.slice(0, 10))}</span>
      ) : (
        <span className="text-muted">within a minute</span>
      ),
  },
  {
    id: "entry",
    header: "Receipt",
    value: ({ entry }) => entry,
    cell: ({ entry }) =>
      entry === null ? <span className="text-faint">–</span> : `entry #${entry} of the ledger`,
    from: "md",
  },
];
