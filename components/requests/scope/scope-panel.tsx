"use client";

import { RefreshCw } from "lucide-react";
import { useState } from "react";
import { Panel } from "@/components/panel/panel.tsx";
import { partKey, partsOf } from "@/components/requests/decision/decision-draft.ts";
import { ofConsole, requestInput } from "@/components/requests/requests-input.ts";
import { Button } from "@/components/ui/button.tsx";
import { DataTable } from "@/components/ui/data-table.tsx";
import { neighbours } from "@/components/ui/sheet.tsx";
import { StateIcon } from "@/components/ui/state-badge.tsx";
import { Time } from "@/components/ui/time.tsx";
import type { FigureTable } from "@/lib/client/csv.ts";
import { useAdminAction } from "@/lib/client/use-admin-action.ts";
import { useRead } from "@/lib/client/use-read.ts";
import type { RequestDetail } from "@/lib/requests/get-request.ts";
import type { RequestScope } from "@/lib/requests/scope-types.ts";
import { counted } from "@/lib/words.ts";
import { erasureColumns, handedColumns } from "./scope-columns.tsx";
import { ScopeMonthsChart } from "./scope-months-chart.tsx";
import { ScopeSheet } from "./scope-sheet.tsx";
import { scopeSummary } from "./scope-words.ts";

/** What there is of the person: by month and policy, what keeps it and by which law, and what would go. */
export function ScopePanel({ request }: { request: RequestDetail }) {
  const { number, kind } = request;
  const read = useRead("requestScope", requestInput(number), ofConsole);
  const [openKey, setOpenKey] = useState<string | null>(null);
  return (
    <Panel
      id="scope"
      title="What there is"
      unit="counted as a dry run: nothing is changed"
      read={read}
      height={240}
      flush
      info={{
        what: "Events in which the person acts or is acted on, on every target of the request, each record judged by itself: what a floor of retention or a legal hold keeps, by which law and until when.",
      }}
      {...(read.data &&
        read.data.targets.length > 0 && { table: (scope: RequestScope | null) => scopeTable(scope) })}
      empty={(scope) => scope === null && "Nothing was counted yet"}
    >
      {(scope) => {
        if (scope === null) return null;
        const parts = partsOf(scope.targets);
        const open = parts.find((part) => partKey(part) === openKey) ?? null;
        return (
          <div className="grid gap-3 *:min-w-0">
            <Head request={request} scope={scope} />
            <ScopeMonthsChart scope={scope} />
            {parts.length > 0 && (
              <DataTable
                id="scope"
                label="What there is, by policy"
                rows={parts}
                columns={kind === "erasure" ? erasureColumns : handedColumns}
                rowKey={partKey}
                onRowClick={(part) => setOpenKey(partKey(part))}
                selectedKey={openKey}
                toolbar={parts.length > 8}
                maxHeight={420}
              />
            )}
            <ScopeSheet
              part={open}
              scope={scope}
              kind={kind}
              onClose={() => setOpenKey(null)}
              {...neighbours(
                parts,
                (part) => partKey(part) === openKey,
                (part) => setOpenKey(partKey(part)),
              )}
            />
          </div>
        );
      }}
    </Panel>
  );
}

function Head({ request, scope }: { request: RequestDetail; scope: RequestScope }) {
  const { number, version, kind, state, executedAt } = request;
  const again = useAdminAction("scopeRequest", { done: "It is being counted again" });
  const unreached = scope.targets.filter(({ problem }) => problem !== null);
  const clear = scope.targets.reduce((all, { clearEvents }) => all + clearEvents, 0);
  const may = state === "decision_pending" || state === "approved" || state === "partly_refused";
  return (
    <div className="grid gap-2 px-4 text-sm">
      <p className="text-base">
        {scopeSummary(kind, scope.targets)}{" "}
        {clear > 0 && `Identifiers stand in clear fields of ${counted(clear, "event")}. `}
        <span className="text-sm text-muted">
          {scope.state === "running" ? (
            "It is being counted."
          ) : (
            <>
              Counted <Time at={scope.madeAt} />
              {executedAt !== null && ", before carrying out began"}.
            </>
          )}
        </span>
      </p>
      {scope.fresh === false && executedAt === null && (
        <div className="flex flex-wrap items-center gap-x-3 gap-y-2 rounded-md bg-warning-soft px-3 py-2">
          <StateIcon state="warning" />
          <p className="min-w-60 flex-1">
            <span className="font-medium">Not of what there is now:</span> {scope.stale.join("; ")}.
            {may && " Count again before it is decided or carried out."}
          </p>
          {may && (
            <Button
              size="sm"
              icon={<RefreshCw />}
              pending={again.pending}
              onClick={() => void again.run({ request: number, version })}
            >
              Count again
            </Button>
          )}
        </div>
      )}
      {unreached.map(({ target, problem }) => (
        <p key={target} className="flex items-start gap-2 text-critical">
          <StateIcon state="critical" className="mt-px" />
          <span>
            {target} could not be asked: {problem}
          </span>
        </p>
      ))}
    </div>
  );
}

function scopeTable(scope: RequestScope | null): FigureTable {
  const rows = scope?.targets.flatMap(({ target, months }) =>
    months.map(({ month, policy, events }) => [target, policy, month, events]),
  );
  return {
    columns: [
      { label: "Target" },
      { label: "Policy" },
      { label: "Month" },
      { label: "Events", unit: "count" },
    ],
    rows: rows ?? [],
  };
}
