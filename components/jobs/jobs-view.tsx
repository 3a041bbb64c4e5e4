"use client";

import { useConsole } from "@/components/shell/console-context.tsx";
import { PageHeader } from "@/components/shell/page-header.tsx";
import { Select } from "@/components/ui/select.tsx";
import { Tabs } from "@/components/ui/tabs.tsx";
import { useTarget } from "@/lib/client/use-target.ts";
import { DutiesPanel } from "./duties-panel.tsx";
import { JobsTab } from "./jobs-tab.tsx";
import { SchedulesPanel } from "./schedules-panel.tsx";
import { useJobFilter } from "./use-job-filter.ts";

/** What the console works on: jobs, what begins them by the clock, and what workers do over and over. */
export function JobsView() {
  return (
    <>
      <PageHeader title="Jobs" question="What is being done, how far is it, and what needs a hand?" />
      <Tabs
        param="view"
        label="Jobs"
        actions={<ScopeSelect />}
        tabs={[
          ["jobs", "Jobs"],
          ["schedules", "Schedules"],
          ["duties", "Duties"],
        ]}
      >
        {(view) =>
          view === "schedules" ? <SchedulesPanel /> : view === "duties" ? <DutiesPanel /> : <JobsTab />
        }
      </Tabs>
    </>
  );
}

/** Whose work is shown: with one target there is nothing to choose. */
function ScopeSelect() {
  const target = useTarget();
  const { targets } = useConsole();
  const { filter, change } = useJobFilter();
  if (targets.length < 2) return null;
  return (
    <Select
      label="Whose"
      size="sm"
      value={filter.scope}
      onChange={(scope) => change({ scope })}
      options={[
        ["here", `${target} and console`],
        ["everywhere", "Every target"],
      ]}
    />
  );
}
