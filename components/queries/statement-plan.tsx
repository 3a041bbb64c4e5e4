"use client";

import { Workflow } from "lucide-react";
import { useState } from "react";
import { Panel } from "@/components/panel/panel.tsx";
import { NotAvailable } from "@/components/panel/panel-body.tsx";
import { useConsole } from "@/components/shell/console-context.tsx";
import { Button } from "@/components/ui/button.tsx";
import { EmptyState } from "@/components/ui/empty-state.tsx";
import type { AdminOutput } from "@/lib/admin.ts";
import { roleReaches } from "@/lib/client/roles.ts";
import { useAdminAction } from "@/lib/client/use-admin-action.ts";
import { type ReadState, useRead } from "@/lib/client/use-read.ts";
import { useTarget } from "@/lib/client/use-target.ts";
import { PlanTree } from "./plan-tree.tsx";

type Planned = AdminOutput<"planStatement">;

/**
 * How the server would execute the statement. Planning runs functions that the statement reaches, so only a click asks
 * for it: no address, no poll, no reload.
 */
export function StatementPlan({ statementKey }: { statementKey: string }) {
  const { person } = useConsole();
  const allowed = roleReaches(person.role, "operator");
  const setup = useRead("queryPlanSetup", {}, { enabled: allowed, polled: false });
  const plan = usePlan(statementKey);
  const off = setup.observed?.unavailable;
  if (plan.asked)
    return (
      <Panel
        id="statement-plan"
        title="Plan"
        unit="estimates"
        read={plan.read}
        height={160}
        info={{
          what: "What the server would do for parameters it does not know. The statement is not executed; functions that planning evaluates run with the rights of the explain role. Costs are in the planner's own unit; the bar is the share of the whole cost that a step adds itself.",
          sql: "explain (generic_plan, verbose, format json) …;  -- before PostgreSQL 16: a forced generic plan",
        }}
        actions={
          <Button size="sm" variant="ghost" onClick={plan.ask} pending={plan.read.refreshing}>
            Plan again
          </Button>
        }
      >
        {(data) =>
          data.plan ? <PlanTree plan={data.plan} warnings={data.warnings} /> : <EmptyState title="No plan" />
        }
      </Panel>
    );
  return (
    <section
      id="statement-plan"
      aria-labelledby="statement-plan-title"
      className="flex flex-wrap items-center gap-x-4 gap-y-2 rounded-lg border border-hairline bg-panel px-4 py-3"
    >
      <div className="min-w-0 grow">
        <h2 id="statement-plan-title" className="text-base font-semibold">
          Plan
        </h2>
        {!off && (
          <p className="text-sm text-muted">
            {allowed
              ? "The server plans the statement for any parameters. The statement does not run, though the planner may call functions it names; who asks is recorded."
              : "Plans are for operators: ask an administrator for the role."}
          </p>
        )}
      </div>
      {off && (
        <div className="w-full">
          <NotAvailable unavailable={off} />
        </div>
      )}
      {allowed && !off && (
        <Button icon={<Workflow />} onClick={plan.ask}>
          Show the plan
        </Button>
      )}
    </section>
  );
}

/** The plan as a panel reads it; asked for by `ask` alone. */
function usePlan(key: string): { asked: boolean; ask: () => void; read: ReadState<Planned["data"]> } {
  const target = useTarget();
  const [asked, setAsked] = useState(false);
  const [observed, setObserved] = useState<Planned>();
  const [failedAt, setFailedAt] = useState<Date | null>(null);
  const { run, pending, error } = useAdminAction("planStatement", { toastErrors: false });
  const ask = async () => {
    setAsked(true);
    const answer = await run({ target, key });
    if (answer) setObserved(answer);
    setFailedAt(answer ? null : new Date());
  };
  return {
    asked,
    ask: () => void ask(),
    read: {
      data: observed?.data,
      observed,
      error,
      aged: null,
      loading: !observed && !error,
      refreshing: pending,
      previous: false,
      failedAt,
      refetch: () => void ask(),
    },
  };
}
