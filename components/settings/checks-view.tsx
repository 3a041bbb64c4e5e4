"use client";

import { Panel } from "@/components/panel/panel.tsx";
import { DeadManLine } from "@/components/silences/dead-man-line.tsx";
import { DataTable } from "@/components/ui/data-table.tsx";
import { neighbours } from "@/components/ui/sheet.tsx";
import { useRead } from "@/lib/client/use-read.ts";
import { ScopeFilters, StateFilters } from "./check-filters.tsx";
import { type CheckRow, checkRows, rowKey, rowsInScope, rowsOfState } from "./check-rows.ts";
import { CheckSheet } from "./check-sheet.tsx";
import { checkColumns } from "./checks-columns.tsx";
import { checksInput } from "./checks-input.ts";
import { EvaluatorSilent } from "./evaluator-silent.tsx";
import { useCheckFilter } from "./use-check-filter.ts";

/** Past so many rows the table scrolls by itself and draws only what is seen. */
const mostDrawn = 200;
const worstFirst = { id: "state", desc: true };

/** Every check on every target, green ones too. */
export function ChecksView() {
  const read = useRead("checks", checksInput);
  const { filter, change, open, setOpen } = useCheckFilter();
  const all = read.data ? checkRows(read.data) : [];
  const inScope = rowsInScope(all, filter);
  const rows = rowsOfState(inScope, filter);
  const openKey = open && rowKey(open.target, open.check);
  const show = ({ check, standing }: CheckRow) => setOpen({ check: check.id, target: standing.target });
  return (
    <>
      <Panel
        id="checks"
        title="Checks"
        read={read}
        height={720}
        flush
        info={{
          what: "What the console judges about each database: every condition with its state, the figure it compared and the limits in force. What stands here is what the worker found last; nothing is evaluated because somebody looks. A check that cannot run is never OK.",
        }}
        table={() => ({
          columns: [
            { label: "check" },
            { label: "target" },
            { label: "state" },
            { label: "value" },
            { label: "unit" },
            { label: "warning" },
            { label: "critical" },
            { label: "evaluated" },
          ],
          rows: rows.map(({ check, standing }) => [
            check.id,
            standing.target,
            standing.state,
            standing.worst?.value ?? null,
            check.unit,
            standing.limits?.warning ?? null,
            standing.limits?.critical ?? null,
            standing.evaluatedAt,
          ]),
        })}
      >
        {(data) => (
          <>
            <EvaluatorSilent board={data} />
            <StateFilters rows={inScope} filter={filter} onChange={change} />
            <DataTable
              id="checks"
              label="Checks"
              rows={rows}
              columns={checkColumns(data.targets.length > 1)}
              rowKey={({ key }) => key}
              defaultSort={worstFirst}
              onRowClick={show}
              selectedKey={openKey}
              actions={<ScopeFilters board={data} filter={filter} onChange={change} />}
              maxHeight={rows.length > mostDrawn ? 720 : Number.POSITIVE_INFINITY}
              empty="No check stands so."
            />
          </>
        )}
      </Panel>
      <DeadManLine />
      <CheckSheet
        row={all.find(({ key }) => key === openKey) ?? null}
        onClose={() => setOpen(null)}
        {...neighbours(rows, ({ key }) => key === openKey, show)}
      />
    </>
  );
}
