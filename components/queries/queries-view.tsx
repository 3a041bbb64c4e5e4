"use client";

import { PageHeader } from "@/components/shell/page-header.tsx";
import { Tabs } from "@/components/ui/tabs.tsx";
import { useRead } from "@/lib/client/use-read.ts";
import { EnableStatements } from "./enable-statements.tsx";
import { RunningQueriesPanel } from "./running-queries-panel.tsx";
import { StatementLoad } from "./statement-load.tsx";
import { StatementStrip } from "./statement-strip.tsx";
import { TopQueriesPanel } from "./top-queries-panel.tsx";

/** The page of queries; on a server that records none, how to have it and what runs meanwhile. */
export function QueriesView() {
  const { observed } = useRead("statementStatistics", {});
  const missing = observed?.unavailable;
  return (
    <>
      <PageHeader title="Queries" question="What costs the database its time?" />
      {missing ? (
        <div className="grid grid-cols-1 gap-4">
          <EnableStatements unavailable={missing} />
          <RunningQueriesPanel />
        </div>
      ) : (
        <div className="grid grid-cols-1 gap-4">
          <StatementLoad />
          <StatementStrip />
          <Tabs
            param="view"
            label="Statements"
            tabs={[
              ["top", "Recorded"],
              ["running", "Running now"],
            ]}
          >
            {(view) => (view === "top" ? <TopQueriesPanel /> : <RunningQueriesPanel height={560} />)}
          </Tabs>
        </div>
      )}
    </>
  );
}
