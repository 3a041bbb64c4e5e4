"use client";

import { ConsoleLink } from "@/components/shell/console-link.tsx";
import { PageHeader } from "@/components/shell/page-header.tsx";
import { useTarget } from "@/lib/client/use-target.ts";
import { DatabaseAgesPanel } from "./database-ages-panel.tsx";
import { IndexFaultsPanel } from "./index-faults-panel.tsx";
import { PreparedTransactionsPanel } from "./prepared-transactions-panel.tsx";
import { SequencesPanel } from "./sequences-panel.tsx";
import { SettingsPanel } from "./settings-panel.tsx";

/** The page of what moves slowly and stops a server all at once: ids, sequences, indexes, settings. */
export function MaintenanceView() {
  const target = useTarget();
  return (
    <>
      <PageHeader
        title="Maintenance"
        question="What will stop the server, or cost it, unless somebody acts?"
        actions={
          <ConsoleLink
            href={`/settings/checks?of=${encodeURIComponent(target)}&topic=maintenance`}
            className="text-sm text-accent hover:underline"
          >
            Checks and limits
          </ConsoleLink>
        }
      />
      <div className="grid grid-cols-1 gap-4 *:min-w-0 xl:grid-cols-2">
        <DatabaseAgesPanel />
        <SequencesPanel />
        <IndexFaultsPanel />
        <PreparedTransactionsPanel />
        <SettingsPanel className="xl:col-span-2" />
      </div>
    </>
  );
}
