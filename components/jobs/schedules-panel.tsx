"use client";

import { CalendarClock } from "lucide-react";
import { Panel } from "@/components/panel/panel.tsx";
import { DataTable } from "@/components/ui/data-table.tsx";
import { EmptyState } from "@/components/ui/empty-state.tsx";
import { neighbours } from "@/components/ui/sheet.tsx";
import { useRead } from "@/lib/client/use-read.ts";
import { useTarget } from "@/lib/client/use-target.ts";
import { scheduleColumns } from "./schedule-columns.tsx";
import { ScheduleSheet } from "./schedule-sheet.tsx";
import { useJobFilter, useOpenSchedule } from "./use-job-filter.ts";

/** Work that begins by the clock: when next, and how the last run ended. */
export function SchedulesPanel() {
  const target = useTarget();
  const { filter } = useJobFilter();
  const { openName, open } = useOpenSchedule();
  const read = useRead("schedules", {});
  const rows = (read.data ?? []).filter(
    (schedule) => filter.scope === "everywhere" || schedule.target === null || schedule.target === target,
  );
  return (
    <>
      <Panel
        id="schedules"
        title="Schedules"
        unit="work that begins by the clock"
        read={read}
        height={320}
        flush
        info={{
          what: "Schedules are part of the product; here they are paused and resumed. A run that would begin while the one before still goes on is skipped and stays in the list of jobs as skipped. Of the runs missed while no worker ran, the newest begins once one runs again.",
        }}
        table={() => ({
          columns: [
            "schedule",
            "target",
            "cron",
            "time zone",
            "on",
            "next run",
            "last run",
            "outcome",
            "skipped",
          ].map((label) => ({ label })),
          rows: rows.map((row) => [
            row.name,
            row.target,
            row.cron,
            row.timeZone,
            row.enabled ? "yes" : "paused",
            row.next[0] ?? null,
            row.last?.createdAt ?? null,
            row.last?.state ?? null,
            row.skipped,
          ]),
        })}
      >
        {() =>
          rows.length === 0 ? (
            <div className="h-64">
              <EmptyState icon={<CalendarClock />} title="Nothing begins by the clock">
                Schedules appear once a worker has begun; each names its next runs here and can be paused.
              </EmptyState>
            </div>
          ) : (
            <DataTable
              id="schedules"
              label="Schedules"
              rows={rows}
              columns={scheduleColumns}
              rowKey={({ name }) => name}
              onRowClick={({ name }) => open(name)}
              selectedKey={openName}
              rowHeight={48}
              maxHeight={Number.POSITIVE_INFINITY}
              toolbar={false}
            />
          )
        }
      </Panel>
      <ScheduleSheet
        schedule={rows.find(({ name }) => name === openName) ?? null}
        onClose={() => open(null)}
        {...neighbours(
          rows,
          ({ name }) => name === openName,
          ({ name }) => open(name),
        )}
      />
    </>
  );
}
