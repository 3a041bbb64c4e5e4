"use client";

import { LogOut } from "lucide-react";
import { useMemo, useState } from "react";
import { Panel } from "@/components/panel/panel.tsx";
import { useConsole } from "@/components/shell/console-context.tsx";
import { Button } from "@/components/ui/button.tsx";
import { ConfirmDialog } from "@/components/ui/confirm-dialog.tsx";
import { DataTable } from "@/components/ui/data-table.tsx";
import { Select } from "@/components/ui/select.tsx";
import { useTab } from "@/components/ui/tabs.tsx";
import { roleReaches } from "@/lib/client/roles.ts";
import { useAdminAction } from "@/lib/client/use-admin-action.ts";
import { useRead } from "@/lib/client/use-read.ts";
import { sessionColumns } from "./session-columns.tsx";

const lastSeenFirst = { id: "lastSeen", desc: true };

/** Open sessions: one's own, for administrators everybody's. */
export function SessionsView() {
  const { person } = useConsole();
  const admin = roleReaches(person.role, "admin");
  const [chosen, setWhose] = useTab("whose", ["own", "all"]);
  const whose = admin ? chosen : "own";
  const read = useRead("sessions", { whose });
  const [asking, setAsking] = useState(false);
  const others = useAdminAction("revokeOtherSessions", {
    done: ({ sessionsEnded }) =>
      sessionsEnded === 1 ? "One other session ended" : `${sessionsEnded} other sessions ended`,
  });
  const columns = useMemo(() => sessionColumns(whose), [whose]);
  return (
    <>
      <Panel
        id="sessions"
        title={whose === "own" ? "Your sessions" : "Everybody's sessions"}
        read={read}
        height={220}
        flush
        info={{
          what: "Browsers that are signed in. A session ends after seven days, after a day without a request, or when somebody ends it here: then its next request leads to the sign-in page.",
        }}
        actions={
          <span className="mr-1 flex gap-2">
            {admin && (
              <Select
                label="Whose"
                size="sm"
                value={whose}
                onChange={(next) => void setWhose(next)}
                options={[
                  ["own", "Mine"],
                  ["all", "Everybody's"],
                ]}
              />
            )}
            <Button size="sm" icon={<LogOut />} onClick={() => setAsking(true)}>
              End my others
            </Button>
          </span>
        }
      >
        {(data) => (
          <DataTable
            id="sessions"
            label="Sessions"
            rows={data}
            columns={columns}
            rowKey={(session) => session.id}
            defaultSort={lastSeenFirst}
          />
        )}
      </Panel>
      <ConfirmDialog
        open={asking}
        onOpenChange={setAsking}
        title="End your other sessions"
        verb="End the others"
        dangerous={false}
        pending={others.pending}
        problem={others.error?.message ?? null}
        onConfirm={async () => (await others.run({})) !== null}
      >
        Every browser you are signed in with is signed out, but for this one.
      </ConfirmDialog>
    </>
  );
}
