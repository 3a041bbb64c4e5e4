"use client";

import { type ExpandedState, functionalUpdate, type SortingState, useTable } from "@tanstack/react-table";
import { parseAsString, useQueryState } from "nuqs";
import { useMemo, useState } from "react";
import type { DataTableProps } from "./data-table-props.ts";
import { defineColumns, features } from "./table-model.ts";
import { parseSort, sortText } from "./table-sort.ts";

/** The rows as they are to be shown, with the sort and filter that stand in the URL and the columns that are hidden. */
export function useDataTable<Row extends object>(props: DataTableProps<Row>) {
  const { id, rows, columns, rowKey, defaultSort, askedSort, tree } = props;
  const [storedSort, setStoredSort] = useQueryState(`${id}-sort`, parseAsString);
  const [filter, setFilter] = useQueryState(`${id}-q`, parseAsString.withDefault(""));
  const [visibility, setVisibility] = useState<Record<string, boolean>>(() =>
    Object.fromEntries(columns.filter((column) => column.hidden).map((column) => [column.id, false])),
  );
  const sorting = useMemo((): SortingState => {
    const sort = askedSort?.sort ?? parseSort(storedSort, columns) ?? defaultSort;
    return sort ? [sort] : [];
  }, [storedSort, columns, defaultSort, askedSort?.sort]);
  const expanded = useMemo(
    (): ExpandedState => Object.fromEntries((tree?.open ?? []).map((key) => [key, true])),
    [tree?.open],
  );
  const data = useMemo(() => [...rows], [rows]);
  const definitions = useMemo(() => defineColumns(columns), [columns]);
  const table = useTable({
    features,
    columns: definitions,
    data,
    getRowId: rowKey,
    ...(tree && { getSubRows: tree.below }),
    state: { sorting, globalFilter: filter, columnVisibility: visibility, expanded },
    globalFilterFn: "includesString",
    getColumnCanGlobalFilter: () => true,
    manualSorting: askedSort !== undefined,
    enableSortingRemoval: false,
    autoResetExpanded: false,
    onSortingChange: (change) => {
      const [next] = functionalUpdate(change, sorting);
      if (askedSort) next && askedSort.onSort(next);
      else void setStoredSort(next ? sortText(next) : null);
    },
    onExpandedChange: (change) => tree?.onOpen(Object.keys(functionalUpdate(change, expanded))),
  });
  return {
    table,
    shown: table.getRowModel().rows,
    columns: columns.filter((column) => visibility[column.id] !== false),
    filter,
    setFilter: (next: string) => void setFilter(next || null),
    visibility,
    setVisibility,
  };
}
