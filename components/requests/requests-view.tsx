"use client";

import dynamic from "next/dynamic";
import { BoardPanel } from "@/components/requests/board/board-panel.tsx";
import { IntakeButtons } from "@/components/requests/intake/intake-buttons.tsx";
import { CountsPanel } from "@/components/requests/list/counts-panel.tsx";
import { RequestTrail } from "@/components/requests/request-trail.tsx";
import { useConsole } from "@/components/shell/console-context.tsx";
import { PageHeader } from "@/components/shell/page-header.tsx";
import { Skeleton } from "@/components/ui/skeleton.tsx";
import { Tabs } from "@/components/ui/tabs.tsx";
import { loadCode } from "@/lib/client/load-code.ts";
import { roleReaches } from "@/lib/client/roles.ts";

const CalendarPanel = dynamic(
  () =>
    loadCode(() => import("@/components/requests/calendar/calendar-panel.tsx")).then((m) => m.CalendarPanel),
  { ssr: false, loading: () => <Skeleton className="h-[464px]" /> },
);
const ListPanel = dynamic(
  () => loadCode(() => import("@/components/requests/list/list-panel.tsx")).then((m) => m.ListPanel),
  {
    ssr: false,
    loading: () => <Skeleton className="h-[464px]" />,
  },
);

const tabs = [
  ["board", "Board"],
  ["calendar", "Calendar"],
  ["list", "List"],
] as const;

/** Requests of people about their data: what is open by its due day, by calendar, and all there were. */
export function RequestsView() {
  const { person } = useConsole();
  const may = roleReaches(person.role, "privacy_officer");
  return (
    <>
      <RequestTrail />
      <PageHeader
        title="Requests"
        question="What did people ask of their data, and by when must it be answered?"
        actions={may && <IntakeButtons />}
      />
      {may ? (
        <Tabs param="view" label="View" tabs={tabs}>
          {(tab) =>
            tab === "board" ? (
              <BoardPanel begin={<IntakeButtons />} />
            ) : tab === "calendar" ? (
              <CalendarPanel />
            ) : (
              <ListPanel />
            )
          }
        </Tabs>
      ) : (
        <CountsPanel />
      )}
    </>
  );
}
