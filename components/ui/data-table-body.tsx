"use client";

import {
  columnFilteringFeature,
  columnVisibilityFeature,
  createColumnHelper,
  createFilteredRowModel,
  createSortedRowModel,
  filterFn_includesString,
  globalFilteringFeature,
  rowSortingFeature,
  sortFn_alphanumeric,
  sortFn_basic,
  sortFn_datetime,
  tableFeatures,
  useTable,
} from "@tanstack/react-table";
import { useVirtualizer } from "@tanstack/react-virtual";
import { ArrowDown, ArrowUp } from "lucide-react";
import { parseAsString, useQueryState } from "nuqs";
import { useMemo, useRef, useState } from "react";
import { cn } from "./cn.ts";
import { type Column, type DataTableProps, headHeight, rowHeight } from "./data-table.tsx";
import { DataTableCell } from "./data-table-cell.tsx";
import { DataTableToolbar } from "./data-table-toolbar.tsx";
import { EmptyState } from "./empty-state.tsx";
import { useRowKeys } from "./use-row-keys.ts";

const features = tableFeatures({
  rowSortingFeature,
  columnFilteringFeature,
  globalFilteringFeature,
  columnVisibilityFeature,
  sortedRowModel: createSortedRowModel(),
  filteredRowModel: createFilteredRowModel(),
  sortFns: { alphanumeric: sortFn_alphanumeric, basic: sortFn_basic, datetime: sortFn_datetime },
  filterFns: { includesString: filterFn_includesString },
});

const virtualFrom = 200;
const priorities = { 1: "", 2: "hidden sm:table-cell", 3: "hidden lg:table-cell" };

export function cellClass<Row>(column: Column<Row>): string {
  const right = column.align ? column.align === "right" : column.unit !== undefined;
  return cn(
    "px-3 first:pl-4 last:pr-4",
    right ? "text-right" : "text-left",
    column.grow ? "w-full max-w-0" : "whitespace-nowrap",
    priorities[column.priority ?? 1],
  );
}

/** "calls.desc" of the URL as a sort; the default when it names no column. */
export function parseSort<Row>(
  text: string | null,
  columns: readonly Column<Row>[],
  fallback: DataTableProps<Row>["defaultSort"],
) {
  const cut = text?.lastIndexOf(".") ?? -1;
  const id = text?.slice(0, cut);
  if (text && cut > 0 && columns.some((column) => column.id === id))
    return [{ id: text.slice(0, cut), desc: text.slice(cut + 1) === "desc" }];
  return fallback ? [fallback] : [];
}

export function DataTableBody<Row extends object>(props: DataTableProps<Row>) {
  const { id, label, rows, columns, rowKey, defaultSort, onRowClick, selectedKey, maxHeight = 560 } = props;
  const [sortText, setSortText] = useQueryState(`${id}-sort`, parseAsString);
  const [filter, setFilter] = useQueryState(`${id}-q`, parseAsString.withDefault(""));
  const [visibility, setVisibility] = useState<Record<string, boolean>>(() =>
    Object.fromEntries(columns.filter((column) => column.hidden).map((column) => [column.id, false])),
  );
  const scroller = useRef<HTMLDivElement>(null);
  const sorting = useMemo(() => parseSort(sortText, columns, defaultSort), [sortText, columns, defaultSort]);
  const data = useMemo(() => [...rows], [rows]);
  const definitions = useMemo(() => {
    const helper = createColumnHelper<typeof features, Row>();
    return helper.columns(
      columns.map((column) =>
        helper.accessor((row) => column.value(row) ?? undefined, {
          id: column.id,
          header: column.header,
          sortUndefined: "last",
          sortFn: column.unit ? "basic" : "auto",
          sortDescFirst: column.unit !== undefined,
        }),
      ),
    );
  }, [columns]);

  const table = useTable({
    features,
    columns: definitions,
    data,
    getRowId: rowKey,
    state: { sorting, globalFilter: filter, columnVisibility: visibility },
    globalFilterFn: "includesString",
    getColumnCanGlobalFilter: () => true,
    enableSortingRemoval: false,
    onSortingChange: (change) => {
      const [next] = typeof change === "function" ? change(sorting) : change;
      void setSortText(next ? `${next.id}.${next.desc ? "desc" : "asc"}` : null);
    },
  });
  const shown = table.getRowModel().rows;
  const virtual = shown.length > virtualFrom;
  const virtualizer = useVirtualizer({
    count: shown.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 12,
    enabled: virtual,
  });
  const items = virtualizer.getVirtualItems();
  const first = virtual ? (items[0]?.index ?? 0) : 0;
  const drawn = virtual ? shown.slice(first, (items.at(-1)?.index ?? -1) + 1) : shown;
  const above = virtual ? (items[0]?.start ?? 0) : 0;
  const below = virtual ? virtualizer.getTotalSize() - (items.at(-1)?.end ?? 0) : 0;
  const visible = columns.filter((column) => visibility[column.id] !== false);
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
          onFilter={(next) => void setFilter(next || null)}
          shown={shown.map((row) => row.original)}
          total={rows.length}
          columns={columns}
          visibility={visibility}
          onVisibility={setVisibility}
          actions={props.actions}
        />
      )}
      <section
        ref={scroller}
        aria-label={label}
        className="relative min-w-0 overflow-auto"
        style={{ maxHeight }}
      >
        <table className="w-full border-collapse text-sm" aria-rowcount={shown.length + 1}>
          <thead className="sticky top-0 z-10 bg-panel">
            {table.getHeaderGroups().map((group) => (
              <tr key={group.id} style={{ height: headHeight }}>
                {group.headers.map((header) => {
                  const column = columns.find((each) => each.id === header.column.id);
                  if (!column) return null;
                  const sorted = header.column.getIsSorted();
                  return (
                    <th
                      key={header.id}
                      scope="col"
                      aria-sort={
                        sorted === "asc" ? "ascending" : sorted === "desc" ? "descending" : undefined
                      }
                      className={cn(cellClass(column), "font-medium shadow-[inset_0_-1px_0_var(--hairline)]")}
                      style={column.width ? { minWidth: column.width } : undefined}
                    >
                      <button
                        type="button"
                        title={column.help}
                        onClick={header.column.getToggleSortingHandler()}
                        className={cn(
                          "inline-flex items-center gap-1 rounded-sm",
                          sorted ? "text-ink" : "text-muted hover:text-ink",
                        )}
                      >
                        {column.header}
                        {sorted === "asc" && <ArrowUp aria-hidden className="size-3.5" />}
                        {sorted === "desc" && <ArrowDown aria-hidden className="size-3.5" />}
                      </button>
                    </th>
                  );
                })}
              </tr>
            ))}
          </thead>
          <tbody ref={body}>
            {above > 0 && <tr aria-hidden style={{ height: above }} />}
            {drawn.map((row, index) => (
              <tr
                key={row.id}
                data-key={row.id}
                aria-rowindex={first + index + 2}
                aria-current={row.id === selectedKey ? "true" : undefined}
                className={cn(
                  "border-b border-hairline last:border-b-0",
                  onRowClick && "cursor-pointer hover:bg-hover focus-within:bg-hover",
                  row.id === selectedKey && "bg-accent-soft",
                )}
                style={{ height: rowHeight }}
              >
                {visible.map((column, columnIndex) => (
                  <DataTableCell
                    key={column.id}
                    column={column}
                    row={row.original}
                    opens={columnIndex === 0 && onRowClick !== undefined}
                  />
                ))}
              </tr>
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
