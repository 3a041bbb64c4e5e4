"use client";

import { useConsole } from "@/components/shell/console-context.tsx";
import { PageHeader } from "@/components/shell/page-header.tsx";
import { useRead } from "@/lib/client/use-read.ts";
import { useTarget } from "@/lib/client/use-target.ts";
import { ArchiverPanel } from "./archiver-panel.tsx";
import { ConflictsPanel } from "./conflicts-panel.tsx";
import { NodesPanel } from "./nodes-panel.tsx";
import { ReplicationEventsPanel } from "./replication-events-panel.tsx";
import { SlotsPanel } from "./slots-panel.tsx";
import { StandbyLagPanel } from "./standby-lag-panel.tsx";
import { StandbyStagesPanel } from "./standby-stages-panel.tsx";
import { TopologyPanel } from "./topology-panel.tsx";
import { WalRatePanel } from "./wal-rate-panel.tsx";

/** The page of copies: who follows whom, how far behind, what is held back for them, who answers our reads. */
export function ReplicationView() {
  const target = useTarget();
  const replicated = (useConsole().targets.find(({ name }) => name === target)?.servers ?? 1) > 1;
  const { data: servers, loading } = useRead("replicationTopology", {});
  const copies = loading ? replicated : (servers ?? []).some(({ role }) => role === "standby");
  return (
    <>
      <PageHeader title="Replication" question="Is there a second copy, and how old is it?" />
      <div className="grid grid-cols-1 gap-4 *:min-w-0 xl:grid-cols-12">
        <TopologyPanel />
        <WalRatePanel className={copies ? "xl:col-span-3" : "xl:col-span-12"} />
        {copies && <StandbyLagPanel className="xl:col-span-4" />}
        {copies && <StandbyStagesPanel servers={servers ?? []} className="xl:col-span-5" />}
        <SlotsPanel className="xl:col-span-8" />
        <ArchiverPanel className="xl:col-span-4" />
        {replicated && <NodesPanel className="xl:col-span-6" />}
        {replicated && <ConflictsPanel className="xl:col-span-6" />}
        <ReplicationEventsPanel className="xl:col-span-12" />
      </div>
    </>
  );
}
