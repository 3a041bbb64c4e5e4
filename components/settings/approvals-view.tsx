"use client";

import { UserCheck } from "lucide-react";
import { parseAsString } from "nuqs";
import { Panel } from "@/components/panel/panel.tsx";
import { Button } from "@/components/ui/button.tsx";
import { DataTable } from "@/components/ui/data-table.tsx";
import type { Column } from "@/components/ui/data-table-props.ts";
import { EmptyState } from "@/components/ui/empty-state.tsx";
import { Select } from "@/components/ui/select.tsx";
import { neighbours } from "@/components/ui/sheet.tsx";
import { StateBadge } from "@/components/ui/state-badge.tsx";
import { useTab } from "@/components/ui/tabs.tsx";
import { useOpenSheet } from "@/components/ui/use-open-sheet.ts";
import type { ApprovalSummary } from "@/lib/approvals/get-approvals.ts";
import { roleNames } from "@/lib/client/roles.ts";
import { useRead } from "@/lib/client/use-read.ts";
import { ApprovalSheet } from "./approval-sheet.tsx";
import { approvalState } from "./approval-states.ts";
import { approvalTitle } from "./approval-titles.ts";

const columns: Column<ApprovalSummary>[] = [
  {
    id: "action",
    header: "Action",
    value: ({ action }) => approvalTitle(action),
    title: ({ action }) => action,
  },
  {
    id: "about",
    header: "About",
    value: ({ object, target }) => [object?.name ?? object?.id, target].filter(Boolean).join(" on "),
    grow: true,
  },
  {
    id: "state",
    header: "State",
    value: (request) => approvalState(request).label,
    cell: (request) => {
      const { state, label } = approvalState(request);
      return <StateBadge state={state}>{label}</StateBadge>;
    },
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
  const [openId, setOpenId] = useOpenSheet("request", parseAsString);
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
        {(data) =>
          data.length === 0 ? (
            <NoRequest open={state === "open"} onAll={() => void setState("all")} />
          ) : (
            <DataTable
              id="approvals"
              label="Requests"
              rows={data}
              columns={columns}
              rowKey={({ id }) => id}
              defaultSort={newestFirst}
              onRowClick={({ id }) => setOpenId(id)}
              selectedKey={openId}
            />
          )
        }
      </Panel>
      <ApprovalSheet
        request={open}
        onClose={() => setOpenId(null)}
        {...neighbours(
          requests,
          ({ id }) => id === openId,
          ({ id }) => setOpenId(id),
        )}
      />
    </>
  );
}

/** What brings a request here, and what becomes of it. */
function NoRequest({ open, onAll }: { open: boolean; onAll: () => void }) {
  return (
    <EmptyState
      icon={<UserCheck />}
      title={open ? "No request is waiting" : "Nothing has needed a second person yet"}
      className="min-h-55"
      action={
        open && (
          <Button size="sm" onClick={onAll}>
            Show decided requests
          </Button>
        )
      }
    >
      When somebody asks for an action that needs a second person, the request stands here with exactly what
      would run. Open it to approve or refuse it, if you are somebody else and have the role it names. From
      the command line: <code className="font-mono text-xs">audit-db approvals list</code>.
    </EmptyState>
  );
}
