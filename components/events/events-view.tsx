"use client";

import { PageHeader } from "@/components/shell/page-header.tsx";
import { Tabs } from "@/components/ui/tabs.tsx";
import { EventsPanel } from "./events-panel.tsx";
import { QuarantinePanel } from "./quarantine-panel.tsx";

/** The page of events: what stands in the log, and what could not enter it yet. */
export function EventsView() {
  return (
    <>
      <PageHeader title="Events" question="Who did what, and does the record still say so?" />
      <Tabs
        param="view"
        label="Events"
        tabs={[
          ["log", "In the log"],
          ["quarantine", "In quarantine"],
        ]}
      >
        {(view) => (view === "quarantine" ? <QuarantinePanel /> : <EventsPanel />)}
      </Tabs>
    </>
  );
}
