"use client";

import { PageHeader } from "@/components/shell/page-header.tsx";
import { ArchiverPanel } from "./archiver-panel.tsx";
import { ConflictsPanel } from "./conflicts-panel.tsx";
import { HistoryPanels } from "./history-panels.tsx";
import { NodesPanel } from "./nodes-panel.tsx";
import { ReplicationEventsPanel } from "./replication-events-panel.tsx";
import { SlotsPanel } from "./slots-panel.tsx";
import { TopologyPanel } from "./topology-panel.tsx";

/** The page of copies: who follows whom, how far behind, what is held back for them. */
export function ReplicationView() {
  return (
    <>
      <PageHeader title="Replication" question="Is there a second copy, and how old is it?" />
      <div className="grid grid-cols-1 gap-4 xl:grid-cols-2">
        <TopologyPanel />
        <HistoryPanels />
        <SlotsPanel />
        <ArchiverPanel />
        <NodesPanel />
        <ConflictsPanel />
        <ReplicationEventsPanel />
      </div>
    </>
  );
}
