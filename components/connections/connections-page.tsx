"use client";

import { PageHeader } from "@/components/shell/page-header.tsx";
import { Switch } from "@/components/ui/checkbox.tsx";
import { useOwnQueries } from "@/lib/client/url-state.ts";
import { ApplicationPoolsPanel } from "./application-pools-panel.tsx";
import { BlockersPanel } from "./blockers-panel.tsx";
import { BreakdownPanel } from "./breakdown-panel.tsx";
import { PoolTrianglePanel } from "./pool-triangle-panel.tsx";
import { PoolerPoolsPanel } from "./pooler-pools-panel.tsx";
import { ServerStatesPanel } from "./server-states-panel.tsx";
import { SessionSheet } from "./session-sheet.tsx";
import { TransactionsPanel } from "./transactions-panel.tsx";
import { WaitEventsPanel } from "./wait-events-panel.tsx";

/** Where requests wait: in the application's pools, in the pooler, or in the server. */
export function ConnectionsPage() {
  const { hideOwn, setHideOwn } = useOwnQueries();
  return (
    <>
      <PageHeader
        title="Connections"
        question="Where do requests wait?"
        actions={<Switch label="Hide the console's own" checked={hideOwn} onChange={setHideOwn} />}
      />
      <div className="grid gap-4 *:min-w-0">
        <PoolTrianglePanel />
        <div className="grid gap-4 *:min-w-0 lg:grid-cols-2">
          <BlockersPanel />
          <WaitEventsPanel />
        </div>
        <TransactionsPanel />
        <div className="grid gap-4 *:min-w-0 xl:grid-cols-[3fr_2fr]">
          <ServerStatesPanel />
          <BreakdownPanel />
        </div>
        <ApplicationPoolsPanel />
        <PoolerPoolsPanel />
      </div>
      <SessionSheet />
    </>
  );
}
