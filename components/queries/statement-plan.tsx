"use client";

import { Workflow } from "lucide-react";
import { parseAsStringLiteral, useQueryState } from "nuqs";
import { Panel } from "@/components/panel/panel.tsx";
import { useConsole } from "@/components/shell/console-context.tsx";
import { Button } from "@/components/ui/button.tsx";
import { EmptyState } from "@/components/ui/empty-state.tsx";
import { roleReaches } from "@/lib/client/roles.ts";
import { useRead } from "@/lib/client/use-read.ts";
import { PlanTree } from "./plan-tree.tsx";

/** How the server would execute the statement; asked for when somebody wants it, since planning takes locks. */
export function StatementPlan({ statementKey }: { statementKey: string }) {
  const { person } = useConsole();
  const [shown, setShown] = useQueryState("plan", parseAsStringLiteral(["shown"] as const));
  const allowed = roleReaches(person.role, "operator");
  const wanted = allowed && shown === "shown";
  const read = useRead("queryPlan", { key: statementKey }, { enabled: wanted, polled: false });
  if (!wanted)
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
          <p className="text-sm text-muted">
            {allowed
              ? "The server plans the statement without executing it, for parameters it does not know."
              : "Plans are for operators: ask an administrator for the role."}
          </p>
        </div>
        {allowed && (
          <Button icon={<Workflow />} onClick={() => void setShown("shown")}>
            Show the plan
          </Button>
        )}
      </section>
    );
  return (
    <Panel
      id="statement-plan"
      title="Plan"
      unit="estimates, never executed"
      read={read}
      height={160}
      info={{
        what: "What the server would do for parameters it does not know. Costs are in the planner's own unit; the bar is the share of the whole cost that a step adds itself.",
        sql: "explain (generic_plan, verbose, format json) …;  -- before PostgreSQL 16: a forced generic plan",
      }}
      actions={
        <Button size="sm" variant="ghost" onClick={read.refetch} pending={read.refreshing}>
          Plan anew
        </Button>
      }
    >
      {(data) =>
        data.plan ? <PlanTree plan={data.plan} warnings={data.warnings} /> : <EmptyState title="No plan" />
      }
    </Panel>
  );
}
