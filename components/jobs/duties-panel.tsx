"use client";

import { Panel } from "@/components/panel/panel.tsx";
import { DataTable } from "@/components/ui/data-table.tsx";
import { useRead } from "@/lib/client/use-read.ts";
import { useTarget } from "@/lib/client/use-target.ts";
import type { DutyState } from "@/lib/duties/list-duties.ts";
import { dutyColumns } from "./duty-columns.tsx";
import { useJobFilter } from "./use-job-filter.ts";

/** What workers do over and over, each led by one of them. */
export function DutiesPanel() {
  const target = useTarget();
  const { filter } = useJobFilter();
  const read = useRead("duties", {});
  const shown = (duties: DutyState[]) =>
    duties.filter((duty) => filter.scope === "everywhere" || [target, "*"].includes(duty.target));
  return (
    <Panel
      id="duties"
      title="Duties"
      unit="what workers do over and over"
      read={read}
      height={320}
      flush
      info={{
        what: "One worker at a time leads each duty, under a lock in the console database; when it dies another takes over within 15 s. Late means that three rounds in a row did not come.",
        sql: "select duty, target, holder, since, renewed_at from history.leader;\nselect duty, target, at from history.heartbeat;",
      }}
      empty={(duties) => duties.length === 0 && "No duty concerns what you may see"}
      table={(duties) => ({
        columns: dutyColumns.map((column) => ({
          label: column.header,
          ...(column.unit && { unit: column.unit }),
        })),
        rows: shown(duties).map((duty) => dutyColumns.map((column) => column.value(duty))),
      })}
    >
      {(duties) => (
        <DataTable
          id="duties"
          label="Duties"
          rows={shown(duties)}
          columns={dutyColumns}
          rowKey={({ duty, target }) => `${duty}:${target}`}
          rowHeight={48}
          maxHeight={Number.POSITIVE_INFINITY}
          toolbar={false}
        />
      )}
    </Panel>
  );
}
