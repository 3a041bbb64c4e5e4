"use client";

import { parseAsString, useQueryState } from "nuqs";
import { Panel } from "@/components/panel/panel.tsx";
import { DataTable } from "@/components/ui/data-table.tsx";
import type { Column } from "@/components/ui/data-table-props.ts";
import { Select } from "@/components/ui/select.tsx";
import { neighbours } from "@/components/ui/sheet.tsx";
import { StateBadge } from "@/components/ui/state-badge.tsx";
import { useTab } from "@/components/ui/tabs.tsx";
import type { ApprovalSummary } from "@/lib/approvals/get-approvals.ts";
import { roleNames } from "@/lib/client/roles.ts";
import { useRead } from "@/lib/client/use-read.ts";
import { ApprovalSheet } from "./approval-sheet.tsx";
import { approvalStates } from "./approval-states.ts";

const columns: Column<ApprovalSummary>[] = [
  { id: "action", header: "Action", value: ({ action }) => action },
  {
    id: "about",
    header: "About",
    value: ({ object, target }) => [object?.name ?? object?.id, target].filter(Boolean).join(" on "),
    grow: true,
  },
  {
    id: "state",
    header: "State",
    value: ({ state }) => state,
    cell: ({ state }) => <StateBadge state={approvalStates[state].state}>{state}</StateBadge>,
  },
  { id: "requestedBy", header: "Requested by", value: ({ requestedBy }) => requestedBy, from: "sm" },
  { id: "approver", header: "Needs", value: ({ approverRole }) => roleNames[approverRole], from: "lg" },
  { id: "expires", header: "Until", value: ({ expiresAt }) => expiresAt, from: "sm" },
  { id: "decidedBy", header: "Decided by", value: ({ decidedBy }) => decidedBy, from: "lg" },
  { id: "requested", header: "Requested", value: ({ requestedAt }) => requestedAt, from: "lg" },
];
const newestFirst = { id: "requested", desc: true };

/** What waits for a second person, and what became of what did. */
export function ApprovalsView() {
  const [state, setState] = useTab("show", ["open", "all"]);
  const read = useRead("approvals", { state, limit: 500 });
  const [openId, setOpenId] = useQueryState("request", parseAsString);
  const requests = read.data ?? [];
  const open = requests.find(({ id }) => id === openId) ?? null;
  return (
    <>
      <Panel
        id="approvals"
        title={state === "open" ? "Waiting for a second person" : "All requests"}
        read={read}
        height={220}
        flush
        info={{
          what: "Some actions run only once somebody else has approved exactly what was asked for. A request expires if nobody decides; each runs once.",
        }}
        actions={
          <Select
            label="Show"
            size="sm"
            value={state}
            onChange={(next) => void setState(next)}
            options={[
              ["open", "Open"],
              ["all", "All"],
            ]}
          />
        }
      >
        {(data) => (
          <DataTable
            id="approvals"
            label="Requests"
            rows={data}
            columns={columns}
            rowKey={({ id }) => id}
            defaultSort={newestFirst}
            onRowClick={({ id }) => void setOpenId(id)}
            selectedKey={openId}
            empty={state === "open" ? "No request is waiting" : "Nothing has needed a second person yet"}
          />
        )}
      </Panel>
      <ApprovalSheet
        request={open}
        onClose={() => void setOpenId(null)}
        {...neighbours(
          requests,
          ({ id }) => id === openId,
          ({ id }) => void setOpenId(id),
        )}
      />
    </>
  );
}
