"use client";

import { useRef } from "react";
import { DataTableHead } from "./data-table-head.tsx";
import { headHeight, usualMaxHeight, usualRowHeight } from "./data-table-layout.ts";
import type { DataTableProps } from "./data-table-props.ts";
import { DataTableRow } from "./data-table-row.tsx";
import { DataTableToolbar } from "./data-table-toolbar.tsx";
import { EmptyState } from "./empty-state.tsx";
import { AllRowsBox } from "./row-choice.tsx";
import { useDataTable } from "./use-data-table.ts";
import { useRowKeys } from "./use-row-keys.ts";
import { useVirtualRows } from "./use-virtual-rows.ts";

export function DataTableBody<Row extends object>(props: DataTableProps<Row>) {
  const { id, label, rows, onRowClick, rowHeight = usualRowHeight, maxHeight = usualMaxHeight } = props;
  const { table, shown, columns, filter, setFilter, visibility, setVisibility } = useDataTable(props);
  const scroller = useRef<HTMLDivElement>(null);
  const grows = maxHeight === Number.POSITIVE_INFINITY;
  const { first, drawn, above, below } = useVirtualRows(shown, { scroller, rowHeight, enabled: !grows });
  const body = useRowKeys(
    onRowClick ? (key) => shown.find((row) => row.id === key)?.original : null,
    onRowClick,
  );
  return (
    <div className="flex min-w-0 flex-col">
      {props.toolbar !== false && (
        <DataTableToolbar
          id={id}
          label={label}
          filter={filter}
          onFilter={setFilter}
          shown={shown.map((row) => row.original)}
          total={rows.length}
          columns={props.columns}
          visibility={visibility}
          onVisibility={setVisibility}
          actions={props.actions}
        />
      )}
      <section
        ref={scroller}
        aria-label={label}
        className="relative min-w-0 overflow-auto"
        style={grows ? undefined : { maxHeight }}
      >
        <table className="w-full border-collapse text-sm" aria-rowcount={shown.length + 1}>
          <thead className="sticky top-0 z-10 bg-panel">
            {table.getHeaderGroups().map((group) => (
              <tr key={group.id} style={{ height: headHeight }}>
                {props.choice && (
                  <AllRowsBox
                    rows={shown.map((row) => row.original)}
                    keys={shown.map((row) => row.id)}
                    choice={props.choice}
                  />
                )}
                {group.headers.map((header) => {
                  const column = columns.find((each) => each.id === header.column.id);
                  return column && <DataTableHead key={header.id} header={header} column={column} />;
                })}
              </tr>
            ))}
          </thead>
          <tbody ref={body}>
            {above > 0 && <tr aria-hidden style={{ height: above }} />}
            {drawn.map((row, index) => (
              <DataTableRow
                key={row.id}
                row={row}
                columns={columns}
                index={first + index}
                height={rowHeight}
                opens={onRowClick !== undefined}
                selected={row.id === props.selectedKey}
                {...(props.choice && { choice: props.choice })}
                inTree={props.tree !== undefined}
                ruled={(drawn[index + 1]?.depth ?? 0) === 0}
              />
            ))}
            {below > 0 && <tr aria-hidden style={{ height: below }} />}
          </tbody>
        </table>
        {shown.length === 0 && (
          <EmptyState
            title={
              rows.length === 0 ? (props.empty ?? `No ${label.toLowerCase()}`) : `Nothing matches “${filter}”`
            }
          />
        )}
      </section>
    </div>
  );
}
